import { type LookPorts, lookAround } from '../../shared/cpu-context.ts';
import { type Detector, makeDetector } from '../../shared/detection/detector.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Conflict, Malformed } from '../../shared/errors.ts';
import type { CpuClosed, CpuOpened, CpuSignal } from '../../shared/model/cpu-signal.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Bus, Clock, Log } from '../../shared/ports.ts';
import { makePublishFindings } from '../../shared/publish-findings.ts';
import { monitoringIncident } from '../../shared/sources/monitoring-incident.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import type { MemoryStores } from '../../shared/store/memory.ts';
import { quote } from '../../shared/text.ts';

/**
 * The ports of detect-cryptomining: it changes nothing, reads metrics and pods if it has the ports for them, publishes
 * findings, and remembers which incidents are over.
 */
export type DetectCryptominingPorts = LookPorts & {
  bus: Bus;
  clock: Pick<Clock, 'now'>;
  log: Log;
  memory: Pick<MemoryStores, 'marks'>;
  /** The rules with the settings of this deployment; without it, the rules as shipped. */
  detector?: Detector;
};

/** Terraform has Pub/Sub keep a message for 31 days at most: until then an older notification may still arrive. */
const REMEMBERED_MS = 31 * 86_400_000;

const markOf = ({ event }: CpuSignal): string => `${monitoringIncident.id}-${event}`;

/**
 * Reads one notification of Cloud Monitoring on CPU use, with the series and the pods behind it, and publishes the
 * findings of the rules. Only an incident that is open, and not known to have ended, is evidence. The end of an
 * incident leaves a mark and undoes nothing; later notifications of the same incident are counted and have no effect. A
 * repeated notification gives findings with the same ids, and within a minute none.
 *
 * Throws Malformed for any other message; Transient if the bus or the store is unavailable.
 */
export const makeDetectCryptomining = (ports: DetectCryptominingPorts) => {
  const { clock, log, memory, metrics, clusters, detector = makeDetector() } = ports;
  const publish = makePublishFindings(ports);
  return async (envelope: Envelope): Promise<void> => {
    const now = clock.now();
    const reading = readPayload(envelope.data, { now });
    if (reading.source !== monitoringIncident.id)
      throw new Malformed(`message ${envelope.id} is of ${reading.source}, which is not read on this topic`);
    if (reading.signal === undefined) return log.count('no-signal', reading.because, { message: envelope.id });
    const { signal } = reading;
    if (signal.kind === 'log-match')
      return log.count('no-signal', 'an incident on log entries: send it to audit-log', { message: envelope.id });
    if (signal.kind !== 'cpu') throw new Malformed(`message ${envelope.id} tells nothing of the use of processors`);
    const { event, state, incident } = signal;
    log.info('envelope -> signal', `read by ${reading.source}`, {
      message: envelope.id,
      event,
      state,
      alert: incident,
    });
    if (signal.state === 'closed') return remember({ clock, log, memory }, signal);
    if ((await memory.marks.get(markOf(signal))) !== undefined)
      return log.count('alert-is-over', `alert ${quote(incident, 80)} has ended already: nothing follows from it`, {
        event,
      });
    const around = { ...(metrics === undefined ? {} : { metrics }), ...(clusters === undefined ? {} : { clusters }) };
    for (const looked of await lookAround(around, signal, now)) {
      tell(log, looked);
      await publish(envelope, detector.see(looked, now));
    }
  };
};

/** Logs the circumstances of an incident. An unreadable series is counted, so that a missing permission is noticed. */
const tell = (log: Log, { context, event, target }: CpuOpened): void => {
  if (context === undefined) return;
  const { series, honest, telling } = context;
  if ('unread' in series) log.count('series-unread', series.unread, { event, target });
  else
    log.info('signal -> series', `its course is ${series.shape}`, { event, target, ...series.course, honest, telling });
};

const remember = async (
  { clock, log, memory }: Pick<DetectCryptominingPorts, 'clock' | 'log' | 'memory'>,
  signal: CpuClosed,
): Promise<void> => {
  const { event, incident, endedAt } = signal;
  const expireAt = timeOf(clock.now() + REMEMBERED_MS);
  const mark = { v: 1 as const, rev: 0, writer: '', state: 'closed', expireAt };
  try {
    await memory.marks.put(markOf(signal), { ...mark, ...(endedAt === undefined ? {} : { endedAt }) }, null);
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
  }
  log.info('signal -> mark', `alert ${quote(incident, 80)} has ended: what was done because of it stays`, { event });
};
