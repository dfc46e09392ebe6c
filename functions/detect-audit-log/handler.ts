import { type Detector, makeDetector, type Seen } from '../../shared/detection/detector.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Malformed, sentenceOf } from '../../shared/errors.ts';
import { makeBeginnings, recallAll } from '../../shared/histories.ts';
import { record } from '../../shared/kubernetes/loose.ts';
import type { LogMatchSignal } from '../../shared/model/log-match-signal.ts';
import type { AuditSignal, Signal } from '../../shared/model/signal.ts';
import type { Bus, Clock, Log, LogReader } from '../../shared/ports.ts';
import { makePublishFindings, type PublishFindings } from '../../shared/publish-findings.ts';
import type { Tell } from '../../shared/serve.ts';
import { adminAuditLog } from '../../shared/sources/admin-audit-log.ts';
import { gkeAuditLog } from '../../shared/sources/gke-audit-log.ts';
import { queryOf } from '../../shared/sources/log-match.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { type Split, splitOf } from '../../shared/sources/split-entry.ts';
import { gathered } from '../../shared/split-buffer.ts';
import type { MemoryStores } from '../../shared/store/memory.ts';
import { quote } from '../../shared/text.ts';

/** The ports of detect-audit-log: it changes nothing, publishes findings, and remembers what rules and parts need. */
export type DetectAuditLogPorts = {
  bus: Bus;
  clock: Pick<Clock, 'now' | 'sleep'>;
  log: Log;
  memory: Pick<MemoryStores, 'marks'>;
  /** Reads the log entries that log-match incidents are about; without it such incidents are only counted. */
  logs?: LogReader;
  /** The rules with the settings of this deployment; without it, the rules as shipped. */
  detector?: Detector;
};

/** The sources that the sink behind the topic exports. Payloads of others are refused, whoever published them. */
const SOURCES = [gkeAuditLog.id, adminAuditLog.id];
/** Entries read for a log-match incident at most: the one that opened it, and those that matched just before. */
const MAX_MATCHED = 50;

/**
 * Reads one audit log entry, or the entries that a log-match incident is about, and publishes the findings of the
 * rules. The message is done when every finding is published. An entry that is delivered again, either way, gives
 * findings with the same ids, and within a minute none. Parts of a split entry wait for each other. Rules that remember
 * run last, so that a failing memory costs no other finding.
 *
 * Throws Malformed for any other message; Denied and Transient as the ports do.
 */
export const makeDetectAuditLog = ({ detector = makeDetector(), ...given }: DetectAuditLogPorts) => {
  const begin = makeBeginnings({ marks: given.memory.marks, clock: given.clock, log: given.log });
  const ports = { ...given, detector, publish: makePublishFindings(given), begin };
  const { log } = ports;
  /** Used where the caller does not take what was read into a line of its own, as `serve` does. */
  const note: Tell = (message, facts) => log.info('envelope -> signal', message, facts);
  return async (envelope: Envelope, tell: Tell = note): Promise<void> => {
    // Awaits only what has to be waited for: every entry of a cluster passes here.
    const reading = read(ports, envelope.data);
    const { source, signal, because } = reading instanceof Promise ? await reading : reading;
    if (signal?.kind === 'log-match') return lookUp(ports, signal, envelope);
    if (signal?.kind !== 'audit' || !SOURCES.includes(source)) {
      const why = because === undefined ? '' : `: ${because}`;
      throw new Malformed(`message ${envelope.id} is of ${source}, which is not read on this topic${why}`);
    }
    const seen = await score(ports, signal, envelope, () =>
      log.info('envelope -> signal', `read by ${source}`, { message: envelope.id, ...factsOf(signal) }),
    );
    if (!seen) tell(`read by ${source}, nothing seen`, { at: signal.at, ...callOf(signal) });
  };
};

type Ports = DetectAuditLogPorts & {
  detector: Detector;
  publish: PublishFindings;
  begin: ReturnType<typeof makeBeginnings>;
};
type Read = { source: string; signal?: Signal; because?: string };

/** Reads a payload at once. A part of a split entry is read with the other parts, which have to be waited for. */
const read = (ports: DetectAuditLogPorts, data: unknown): Read | Promise<Read> => {
  const split = splitOf(data);
  return split === undefined ? readPayload(data, { now: ports.clock.now() }) : readParts(ports, data, split);
};

const readParts = async (
  { memory: { marks }, clock, log }: DetectAuditLogPorts,
  data: unknown,
  split: Split,
): Promise<Read> => {
  const entry = record(data);
  const payload = entry === undefined ? data : await gathered({ marks, clock, log }, entry, split);
  return readPayload(payload, { now: clock.now() });
};

/**
 * Publishes what the rules see in an entry, after a call of `first`, and says whether there was something. Most entries
 * show nothing: they leave one line, that of their delivery.
 */
const score = async (ports: Ports, signal: AuditSignal, envelope: Envelope, first: () => void): Promise<boolean> => {
  const { memory, clock, log, detector, publish, begin } = ports;
  const now = clock.now();
  const seen = detector.see(signal, now);
  const isSeen = shows(seen);
  if (isSeen) {
    first();
    await publish(envelope, seen);
  }
  const begun = begin(signal);
  if (begun !== undefined) await begun;
  const rules = detector.remembering(signal);
  if (rules.length === 0) return isSeen;
  const settled = detector.settle(await recallAll({ marks: memory.marks, clock, log }, signal, rules), now);
  if (!shows(settled)) return isSeen;
  if (!isSeen) first();
  await publish(envelope, settled);
  return true;
};

const shows = ({ findings, allowed }: Seen): boolean => findings.length + allowed.length > 0;

/** Scores the entries that a log-match incident is about: only audit entries from just before it. */
const lookUp = async (ports: Ports, match: LogMatchSignal, envelope: Envelope): Promise<void> => {
  const { logs, log } = ports;
  const facts = { message: envelope.id, event: match.event, alert: match.incident };
  const shown = `log-match incident ${quote(match.incident, 80)}`;
  if (logs === undefined) return log.count('log-match-not-read', `${shown}: this function reads no logs`, facts);
  const { project, filter, from, until } = queryOf(match);
  const found = await logs.entries({ project, filter, limit: MAX_MATCHED });
  const scored = await Promise.all(
    found.map(async (entry) => {
      const { source, signal } = await readQuietly(ports, entry);
      const meant = signal?.kind === 'audit' && SOURCES.includes(source) && signal.at >= from && signal.at <= until;
      if (!meant) return 0;
      log.info('envelope -> signal', `read by ${source}, for ${shown}`, { ...facts, ...factsOf(signal) });
      await score(ports, signal, envelope, () => {});
      return 1;
    }),
  );
  if (scored.some((one) => one === 1)) return;
  log.count('log-match-empty', `${shown}: no audit log entry matches its filter between ${from} and ${until}`, facts);
};

/** Reads one entry. If it cannot be read, it is counted, and the other entries are still scored. */
const readQuietly = async (ports: DetectAuditLogPorts, entry: unknown): Promise<Read> => {
  try {
    return await read(ports, entry);
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    ports.log.count('malformed', `a log entry that was looked up cannot be read: ${sentenceOf(thrown)}`);
    return { source: 'nobody' };
  }
};

const callOf = ({ method, principal, outcome }: AuditSignal): Record<string, unknown> => ({
  method,
  principal,
  outcome,
});
const factsOf = (signal: AuditSignal): Record<string, unknown> => ({ event: signal.event, ...callOf(signal) });
