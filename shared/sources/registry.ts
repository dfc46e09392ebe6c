import { Malformed } from '../errors.ts';
import { adminAuditLog } from './admin-audit-log.ts';
import { falco } from './falco.ts';
import { gkeAuditLog } from './gke-audit-log.ts';
import { kubernetesAudit } from './kubernetes-audit.ts';
import { monitoringIncident } from './monitoring-incident.ts';
import { otherLog } from './other-log.ts';
import { securityCommandCenter } from './security-command-center.ts';
import type { ReadContext, Reading, Source } from './source.ts';
import { unwrap } from './unwrap.ts';

/** Every source; the first that recognises a payload reads it, so the narrower ones come first. */
export const SOURCES: readonly Source[] = [
  gkeAuditLog,
  adminAuditLog,
  kubernetesAudit,
  monitoringIncident,
  securityCommandCenter,
  falco,
  otherLog,
];

/**
 * Reads a payload of any source, bare or as Pub/Sub delivers it.
 *
 * Throws Malformed, with a sentence, where no source recognises the payload or the one that does cannot read it.
 */
export const readPayload = (received: unknown, context: ReadContext): Reading => {
  const payload = unwrap(received);
  for (const source of SOURCES) if (source.recognises(payload)) return source.read(payload, context);
  throw new Malformed(`not one of the payloads that can be read: ${SOURCES.map((one) => one.title).join(', ')}`);
};
