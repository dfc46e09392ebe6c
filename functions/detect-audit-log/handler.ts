import { evaluate } from '../../shared/detection/evaluate.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Malformed } from '../../shared/errors.ts';
import { recallAll } from '../../shared/histories.ts';
import { record } from '../../shared/kubernetes/loose.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { AuditSignal } from '../../shared/model/signal.ts';
import type { Bus, Clock, Log } from '../../shared/ports.ts';
import { adminAuditLog } from '../../shared/sources/admin-audit-log.ts';
import { gkeAuditLog } from '../../shared/sources/gke-audit-log.ts';
import { LOG_MATCH } from '../../shared/sources/monitoring-incident.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { splitOf } from '../../shared/sources/split-entry.ts';
import { gathered } from '../../shared/split-buffer.ts';
import type { MemoryStores } from '../../shared/store/memory.ts';

/** What detect-audit-log is handed: it changes nothing, publishes findings, and remembers what rules and parts need. */
export type DetectAuditLogPorts = {
  bus: Bus;
  clock: Pick<Clock, 'now' | 'sleep'>;
  log: Log;
  memory: Pick<MemoryStores, 'marks'>;
};

/** What the sink behind the topic exports. A payload of another source has no business here, whoever published it. */
const SOURCES = [gkeAuditLog.id, adminAuditLog.id];

/**
 * Reads one audit log entry and publishes what the rules see in it; the message is done when every finding is
 * published. A redelivered entry gives the same findings, by their ids. Parts of a split entry wait for each other. What
 * rules see that remember comes last: a memory that fails costs nothing else.
 *
 * Throws Malformed for what is no audit log entry.
 */
export const makeDetectAuditLog =
  ({ bus, clock, log, memory: { marks } }: DetectAuditLogPorts) =>
  async (envelope: Envelope): Promise<void> => {
    const split = splitOf(envelope.data);
    const entry = record(envelope.data);
    const payload =
      split === undefined || entry === undefined ? envelope.data : await gathered({ marks, clock, log }, entry, split);
    const now = clock.now();
    const reading = readPayload(payload, { now });
    if (reading.signal === undefined && reading.because === LOG_MATCH) {
      log.count('log-match-not-read', LOG_MATCH, { message: envelope.id });
      return;
    }
    if (reading.signal?.kind !== 'audit' || !SOURCES.includes(reading.source)) {
      const why = reading.signal === undefined ? `: ${reading.because}` : '';
      throw new Malformed(`message ${envelope.id} is of ${reading.source}, which is not read on this topic${why}`);
    }
    const { signal } = reading;
    log.info('envelope -> signal', `read by ${reading.source}`, { message: envelope.id, ...factsOf(signal) });
    const publish = (findings: readonly Finding[]): Promise<unknown> =>
      Promise.all(
        findings.map(async (finding) => {
          await bus.publish('findings', finding);
          log.info('signal -> finding', finding.because[0] ?? finding.rule, shownOf(finding));
        }),
      );
    await publish(evaluate(signal, now));
    await publish(await recallAll({ marks, clock, log }, signal));
  };

const factsOf = ({ event, method, principal, outcome }: AuditSignal): Record<string, unknown> => ({
  event,
  method,
  principal,
  outcome,
});

const shownOf = ({ id, rule, severity, confidence, target }: Finding): Record<string, unknown> => ({
  finding: id,
  rule,
  severity,
  confidence,
  target,
});
