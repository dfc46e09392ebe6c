import type { Seen } from './detection/detector.ts';
import type { Finding } from './model/finding.ts';
import type { Bus, Log } from './ports.ts';

/**
 * Publishes what was seen, all of it at once; resolves when the bus has accepted every finding. What somebody vouches for
 * is counted in its place.
 */
export const publishFindings = async ({ bus, log }: { bus: Bus; log: Log }, seen: Seen): Promise<void> => {
  for (const { finding, because } of seen.allowed) log.count('finding-allowed', because, shownOf(finding));
  await Promise.all(
    seen.findings.map(async (finding) => {
      await bus.publish('findings', finding);
      log.info('signal -> finding', finding.because[0] ?? finding.rule, shownOf(finding));
    }),
  );
};

const shownOf = ({ id, rule, severity, confidence, target }: Finding): Record<string, unknown> => ({
  finding: id,
  rule,
  severity,
  confidence,
  target,
});
