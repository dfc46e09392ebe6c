/** Why something that was taken came to nothing, by the name under which it is counted, and what to do about it. */
export const COUNTED = {
  'alert-is-over': 'An alert of Cloud Monitoring arrived after its end and has no effect. Nothing to do.',
  'console-refused':
    'A request to the console was refused: the identity of the requester could not be verified, or the form was not from the console.',
  'dead-letter': 'A message was given up after ten deliveries: see `firebreak dead-letters`.',
  'finding-allowed': 'An allowance in the rules file covers the finding until a date.',
  'finding-refused':
    'A finding claims more than its rule may, its rule is not known, or its cluster is not served: deploy the functions together, or add the cluster.',
  'log-match-empty':
    'Cloud Logging has no entry for a log-match incident: check that the detector may read these logs.',
  'log-match-not-read': 'A log-match incident reached a detector that may not read logs.',
  malformed:
    'A message cannot be read, or is on the wrong topic: check who publishes it. It is acknowledged, and not retried.',
  'memory-failed': 'A detector could not store its memory; until it can, rules over several entries detect less.',
  'no-signal': 'A payload was read and contains no signal: a test notification, another metric, a muted finding.',
  'own-change': 'An audit log entry is about a change of our own, which a journal records. Nothing to do.',
  'request-refused': 'A request of an operator was refused: its record says why.',
  'series-unread':
    'The series behind an alert on CPU use could not be read, so it counts for little: check that detect-cryptomining has monitoring.timeSeries.list.',
  'spans-unsent': 'Spans could not be sent to the OTLP receiver: check that it runs and accepts them.',
  'split-incomplete': 'Parts of a split log entry did not arrive within a minute; the other parts were scored alone.',
  unreadable_document: 'A stored document cannot be read: it was written by a newer version, or by another program.',
} as const satisfies Record<string, string>;
