import type { Time } from './time.ts';

/**
 * An incident of Cloud Monitoring on log entries that matched a filter. It does not hold these entries; they must be
 * read from Cloud Logging.
 */
export type LogMatchSignal = {
  kind: 'log-match';
  /** Id of the source that read it. */
  source: string;
  /** The same for every notification about one incident: 32 hex digits. */
  event: string;
  /** The id that Cloud Monitoring gives: foreign. */
  incident: string;
  /** When the condition was met. */
  at: Time;
  /** The project whose logs matched. It was checked against the platform's grammar. */
  project: string;
  /** The filter in Cloud Logging's query language. Foreign. */
  filter: string;
};
