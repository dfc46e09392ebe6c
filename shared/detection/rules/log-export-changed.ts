import { at, text } from '../../kubernetes/loose.ts';
import { TOPIC_PREFIX } from '../../model/ids.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** Fields of a sink or bucket that decide which logs are kept. */
const MATTERS = /(^|[,. ])(filter|exclusions|disable|destination|retention)/i;

/** Somebody deleted logs, or changed where they are exported to. */
export const logExportChanged = adminRule({
  id: 'log-export-changed',
  title: 'Log export changed or logs deleted',
  sees: 'A sink, bucket or log of Cloud Logging that is deleted, a sink, a bucket or the logging settings that are changed, or an exclusion that is created. Critical where it feeds this deployment.',
  why: 'Without logs nobody sees what happens next, and neither does this deployment.',
  technique: [{ id: 'T1562.008', name: 'Impair Defenses: Disable or Modify Cloud Logs' }],
  severity: 'critical',
  confidence: 0.9,
  family: 'identity',
  falsePositives: ['Infrastructure code', 'Saving on log costs'],
  services: ['logging.googleapis.com'],
  methods:
    'DeleteSink|UpdateSink|DeleteBucket|UpdateBucket(Async)?|UpdateSettings|CreateExclusion|UpdateExclusion|DeleteLog',
  example: 'gcloud logging sinks delete security-export',
  match: (signal) => {
    const because = [
      `${shownCaller(signal)} called ${quote(verbOf(signal), 40)} on ${quote(signal.resourceName ?? '')}`,
    ];
    if (isOurs(signal)) {
      return { because: [...because, 'it feeds this deployment, which may not see what happens from now on'] };
    }
    const mask = text(at(signal.request, 'updateMask')) ?? text(at(signal.request, 'updateMask', 'paths'));
    const matters = !verbOf(signal).startsWith('update') || mask === undefined || MATTERS.test(mask);
    return { because, severity: 'high', confidence: matters ? 0.8 : 0.6 };
  },
});

const isOurs = ({ resourceName, request }: AuditSignal): boolean => {
  const topic = `/topics/${TOPIC_PREFIX}`;
  const destinations = [at(request, 'sink', 'destination'), at(request, 'destination')];
  return (
    (resourceName ?? '').includes(`/sinks/${TOPIC_PREFIX}`) ||
    destinations.some((destination) => text(destination)?.includes(topic) === true)
  );
};
