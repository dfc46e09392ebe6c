/** Why something that was accepted had no effect, or had to be noted, by its counter, and what to do about it. */
export const COUNTED = {
  'alert-is-over': 'An alert of Cloud Monitoring came after its end; nothing follows from it. Nothing to do.',
  'console-refused': 'A request to the console was refused: who asked could not be verified, or the form was not ours.',
  'dead-letter': 'A message was given up after ten deliveries: see `firebreak dead-letters`.',
  'finding-allowed': 'Somebody vouches for what a rule saw, in the rules file, until a date.',
  'finding-refused':
    'A finding claims more than its rule may, its rule is not known, or its cluster is not served: deploy the functions together, or add the cluster.',
  'log-match-empty': 'Cloud Logging has no entry for a log-match incident: see that the detector may read these logs.',
  'log-match-not-read': 'A log-match incident reached a detector that is given no logs to read.',
  malformed:
    'A message cannot be read, or is on the wrong topic: see who publishes it. It is acknowledged, and not tried again.',
  'memory-failed': 'A detector could not remember; rules over several entries see less until it can.',
  'no-signal': 'A payload was read and tells of nothing: a test notification, another metric, a muted finding.',
  'own-change': 'An audit log entry tells of a change of our own, which a journal holds. Nothing to do.',
  'request-refused': 'A request of an operator was answered with no: its record says why.',
  'series-unread':
    'The series behind an alert on CPU use could not be read, so that it is believed little: see that detect-cryptomining has monitoring.timeSeries.list.',
  'spans-unsent': 'Spans could not be sent to the OTLP receiver: see that it runs and takes them.',
  'split-incomplete': 'Parts of a split log entry did not come within a minute; the others were scored as they are.',
  unreadable_document: 'A stored document cannot be read: it was written by a newer version, or by something else.',
} as const satisfies Record<string, string>;
