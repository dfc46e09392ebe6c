/**
 * The counters of messages and events that had no effect, or that somebody should know of: the reason, and what to do.
 */
export const COUNTED = {
  'alert-is-over': 'An alert of Cloud Monitoring arrived after it had ended, so it had no effect. Nothing to do.',
  'console-refused': 'The console refused a request: it could not verify who asked, or the form was not its own.',
  'dead-letter': 'A message was given up after ten deliveries. Look at `firebreak dead-letters`.',
  'finding-allowed': 'A rule matched, but an allowance in the rules file covers it until a date.',
  'finding-refused':
    'A finding claims more than its rule may, its rule is unknown, or its cluster is not served. Deploy all functions together, or add the cluster.',
  'log-match-empty':
    'Cloud Logging returned no entry for a log-match incident. Check that the detector may read these logs.',
  'log-match-not-read': 'A log-match incident reached a detector that does not read logs.',
  malformed:
    'A message cannot be read, or is on the wrong topic. It was acknowledged, and is not delivered again. Find out who publishes it.',
  'memory-failed': 'A detector could not use its memory database. Until it can, rules over several entries see less.',
  'no-signal':
    'A payload was read and contains nothing to score: a test notification, another metric, a muted finding.',
  'own-change': 'An audit log entry shows a change by Firebreak itself, which is in a journal. Nothing to do.',
  'request-refused': 'A request of an operator was refused. Its record says why.',
  'series-unread':
    'The time series behind an alert on CPU use could not be read, so the finding has a low confidence. Check that detect-cryptomining has monitoring.timeSeries.list.',
  'spans-unsent': 'Spans could not be sent to the OTLP receiver. Check that it runs and accepts them.',
  'split-incomplete':
    'Parts of a split log entry did not arrive within a minute. The other parts were scored without them.',
  unreadable_document:
    'A stored document cannot be read, because a newer version of Firebreak or something else wrote it.',
} as const satisfies Record<string, string>;
