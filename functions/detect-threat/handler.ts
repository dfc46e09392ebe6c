import { type Detector, makeDetector } from '../../shared/detection/detector.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Malformed } from '../../shared/errors.ts';
import type { ClusterRef } from '../../shared/model/target.ts';
import type { Bus, Clock, Log } from '../../shared/ports.ts';
import { makePublishFindings } from '../../shared/publish-findings.ts';
import { falco } from '../../shared/sources/falco.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { securityCommandCenter } from '../../shared/sources/security-command-center.ts';

/** What detect-threat is handed: it reads and changes nothing, and publishes findings alone. */
export type DetectThreatPorts = {
  bus: Bus;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Stands in where an alert names no project. */
  project: string;
  /** Topics (without their prefix) that carry the alerts of one cluster alone. */
  clusterOfTopic: ReadonlyMap<string, ClusterRef>;
  /** The rules as they hold here; without it, as they are. */
  detector?: Detector;
};

const SOURCES = [securityCommandCenter.id, falco.id];

/**
 * Reads one alert of Security Command Center or Falco and publishes what the rules make of it, for each pod that it is
 * about. An alert without meaning (resolved, muted, a test, no threat) is counted. A redelivered alert gives the same
 * findings, by their ids, and within a minute none.
 *
 * Throws Malformed for what is neither; Transient where the bus is not there.
 */
export const makeDetectThreat = (ports: DetectThreatPorts) => {
  const { clock, log, project, clusterOfTopic, detector = makeDetector() } = ports;
  const publish = makePublishFindings(ports);
  return async (envelope: Envelope): Promise<void> => {
    const now = clock.now();
    const place = clusterOfTopic.get(envelope.topic) ?? { project };
    const reading = readPayload(envelope.data, { now, place, attributes: envelope.attributes });
    if (!SOURCES.includes(reading.source))
      throw new Malformed(`message ${envelope.id} is of ${reading.source}, which is not read on this topic`);
    if (reading.signal === undefined) return log.count('no-signal', reading.because, { message: envelope.id });
    const { signal } = reading;
    if (signal.kind !== 'threat') throw new Malformed(`message ${envelope.id} tells of no threat`);
    const { event, name, severity } = signal;
    log.info('envelope -> signal', `read by ${reading.source}`, { message: envelope.id, event, alert: name, severity });
    await publish(envelope, detector.see(signal, now));
  };
};
