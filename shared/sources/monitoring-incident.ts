import { at, record, text } from '../kubernetes/loose.ts';
import type { Source } from './source.ts';

/** Why a log-match incident gives no signal: it does not hold the log entry that it is about. */
export const LOG_MATCH = 'log-match incidents are not read yet';

/** Notifications of Cloud Monitoring's alerting policies. Recognised; not read yet. */
export const monitoringIncident: Source = {
  id: 'monitoring-incident',
  title: 'a Cloud Monitoring incident',
  recognises: (payload) => {
    const incident = record(payload.incident);
    return incident !== undefined && (text(incident.incident_id) ?? text(incident.policy_name)) !== undefined;
  },
  read: (payload) => ({
    source: 'monitoring-incident',
    because:
      record(at(payload, 'incident', 'condition', 'conditionMatchedLog')) === undefined
        ? 'metric incidents are not read yet'
        : LOG_MATCH,
  }),
};
