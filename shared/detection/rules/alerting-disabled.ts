import { at, text } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** For service accounts: infrastructure code replaces alerts with them. */
const BY_AUTOMATION = 0.35;

/** The metrics that this deployment alerts on. */
const OURS = /\/metrics\/firebreak(?:\/|%2f)/i;

/** Somebody took an alert away, or the channel by which it reaches people. */
export const alertingDisabled = adminRule({
  id: 'alerting-disabled',
  title: 'Alert or notification channel disabled',
  sees: `An alerting policy or a notification channel of Cloud Monitoring that is deleted or turned off, or a metric that counts log entries that is deleted; ${BY_AUTOMATION} by a service account. A metric of this deployment: high.`,
  why: 'Nobody comes to look where no alert arrives.',
  technique: [{ id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' }],
  severity: 'high',
  confidence: 0.55,
  family: 'identity',
  falsePositives: ['Infrastructure code', 'Clearing up after a service that is gone', 'Alerts that were too loud'],
  services: ['monitoring.googleapis.com', 'logging.googleapis.com'],
  methods: '(Delete|Update)(AlertPolicy|NotificationChannel)|DeleteLogMetric',
  example: 'gcloud alpha monitoring policies delete projects/p1/alertPolicies/1234567890',
  match: (signal) => {
    if (verbOf(signal).startsWith('update') && !turnsOff(signal)) return undefined;
    const name = signal.resourceName ?? text(signal.request?.name) ?? '';
    const did = verbOf(signal).startsWith('update') ? 'turned off' : 'deleted';
    return {
      because: [`${shownCaller(signal)} ${did} ${quote(name, 200)}`],
      severity: OURS.test(name) ? 'high' : 'medium',
      ...(signal.principalClass === 'automation' ? { confidence: BY_AUTOMATION } : {}),
    };
  },
});

const turnsOff = ({ request }: AuditSignal): boolean =>
  ['alertPolicy', 'notificationChannel'].some((field) => at(request, field, 'enabled') === false);
