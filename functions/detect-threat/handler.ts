import { type Detector, makeDetector } from '../../shared/detection/detector.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Malformed } from '../../shared/errors.ts';
import type { ClusterRef } from '../../shared/model/target.ts';
import type { Bus, Clock, Log } from '../../shared/ports.ts';
import { makePublishFindings } from '../../shared/publish-findings.ts';
import { falco } from '../../shared/sources/falco.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { securityCommandCenter } from '../../shared/sources/security-command-center.ts';

/** The ports of detect-threat: it reads and changes nothing, and only publishes findings. */
export type DetectThreatPorts = {
  bus: Bus;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** The project of an alert that names none. */
  project: string;
  /** Topics (without their prefix) that carry the alerts of a single cluster, with that cluster. */
  clusterOfTopic: ReadonlyMap<string, ClusterRef>;
  /** The rules with the settings of this deployment; without it, the rules as shipped. */
  detector?: Detector;
};

const SOURCES = [securityCommandCenter.id, falco.id];

/**
 * Reads one alert of Security Command Center or Falco and publishes the findings of the rules, for each target of the
 * alert. An alert without meaning (resolved, muted, a test, no threat) is counted. A redelivered alert gives findings
 * with the same ids, and within a minute none.
 *
 * Throws Malformed for any other message; Transient if the bus is unavailable.
 */
export const makeDetectThreat = (ports: DetectThreatPorts) => {
  const { clock, log, project, clusterOfTopic, detector = makeDetector() } = ports;
  const publish = makePublishFindings(ports);
  return async (envelope: Envelope): Promise<void> => {
    const now = clock.now();
    const place = clusterOfTopic.get(envelope.topic) ?? { project };
    const reading = readPayload(envelope.data, { now, place, attributes: envelope.attributes });
    if (!SOURCES.includes(reading.source)) {
      const why = reading.signal === undefined ? `: ${reading.because}` : '';
      throw new Malformed(`message ${envelope.id} is of ${reading.source}, which is not read on this topic${why}`);
    }
    if (reading.signal === undefined) return log.count('no-signal', reading.because, { message: envelope.id });
    const { signal } = reading;
    if (signal.kind !== 'threat') throw new Malformed(`message ${envelope.id} tells of no threat`);
    const { event, name, severity } = signal;
    log.info('envelope -> signal', `read by ${reading.source}`, { message: envelope.id, event, alert: name, severity });
    await publish(envelope, detector.see(signal, now));
  };
};
