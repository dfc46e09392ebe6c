import { hash } from 'node:crypto';
import type { Seen } from './detection/detector.ts';
import type { Envelope } from './envelope.ts';
import type { Finding } from './model/finding.ts';
import type { Bus, Clock, Log } from './ports.ts';
import { replaying } from './replay.ts';

/** For this long, ms, a finding that the bus has accepted is not published again: duplicates come within seconds. */
const REMEMBERED_MS = 60_000;
/** Findings remembered at most, a few hundred bytes each; the oldest go first. */
const REMEMBERED = 20_000;

/**
 * Publishes the findings of a message, all in parallel; resolves when the bus has accepted every one. A finding that
 * somebody vouches for is only counted.
 */
export type PublishFindings = (envelope: Pick<Envelope, 'attributes'>, seen: Seen) => Promise<void>;

/** `digest`: of the finding as it was published. `sent` is set until the bus has accepted the finding. */
type Published = { digest: string; at: number; sent?: Promise<string> };

/**
 * Makes a PublishFindings that does not publish the very same finding again for a minute. The bus delivers an accepted
 * finding until it is handled, so a duplicate would only cost decide the work to recognise it. A finding is published
 * again if it differs in anything, if the bus did not accept it, or if its message is replayed: findings of a replayed
 * message have less weight.
 */
export const makePublishFindings = ({
  bus,
  clock,
  log,
}: {
  bus: Bus;
  clock: Pick<Clock, 'now'>;
  log: Log;
}): PublishFindings => {
  const published = new Map<string, Published>();
  const remember = (id: string, one: Published): void => {
    published.delete(id);
    published.set(id, one);
    for (const oldest of published.keys()) {
      if (published.size <= REMEMBERED) return;
      published.delete(oldest);
    }
  };

  /** Publishes a finding unless it was published lately; true where it was published now. */
  const publishOnce = async (finding: Finding): Promise<boolean> => {
    const { id } = finding;
    const [digest, at] = [hash('sha256', JSON.stringify(finding), 'base64'), clock.now()];
    const known = published.get(id);
    if (known?.digest === digest && at - known.at < REMEMBERED_MS) {
      if (known.sent !== undefined) await known.sent;
      return false;
    }
    const sent = bus.publish('findings', finding);
    const one: Published = { digest, at, sent };
    remember(id, one);
    try {
      await sent;
      delete one.sent;
      return true;
    } catch (thrown) {
      if (published.get(id) === one) published.delete(id);
      throw thrown;
    }
  };

  return async (envelope, seen) => {
    for (const { finding, because } of seen.allowed) log.count('finding-allowed', because, shownOf(finding));
    const to = replaying(bus, envelope);
    const publish = async (finding: Finding): Promise<boolean> => {
      if (to === bus) return publishOnce(finding);
      await to.publish('findings', finding);
      return true;
    };
    await Promise.all(
      seen.findings.map(async (finding) => {
        if (await publish(finding)) log.info('signal -> finding', finding.because[0] ?? finding.rule, shownOf(finding));
        else log.info('finding -> dropped', 'it was published already', { finding: finding.id, rule: finding.rule });
      }),
    );
  };
};

const shownOf = ({ id, rule, severity, confidence, target }: Finding): Record<string, unknown> => ({
  finding: id,
  rule,
  severity,
  confidence,
  target,
});
