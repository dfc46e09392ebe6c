import { at, text } from '../../kubernetes/loose.ts';
import { TOPIC_PREFIX } from '../../model/ids.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import type { Sighting } from '../rule.ts';

/** Fields of a sink or bucket that decide which logs are kept. */
const MATTERS = /(^|[,. ])(filter|exclusions|disable|destination|retention)/i;

/** For service accounts: organizations collect the logs of all projects in one. */
const BY_AUTOMATION = 0.3;

/** Somebody deleted logs, or changed where they are exported to. */
export const logExportChanged = adminRule({
  id: 'log-export-changed',
  title: 'Log export changed or logs deleted',
  sees: `A sink, bucket or log of Cloud Logging that is deleted, a sink, a bucket or the logging settings that are changed, or an exclusion that is created. Critical where it feeds this deployment. A new sink into another project: medium 0.50, or ${BY_AUTOMATION} by a service account.`,
  why: 'Without logs nobody sees what happens next, and neither does this deployment.',
  technique: [
    { id: 'T1562.008', name: 'Impair Defenses: Disable or Modify Cloud Logs' },
    { id: 'T1537', name: 'Transfer Data to Cloud Account' },
  ],
  severity: 'critical',
  confidence: 0.9,
  family: 'identity',
  falsePositives: ['Infrastructure code', 'Saving on log costs'],
  services: ['logging.googleapis.com'],
  methods:
    '(Create|Delete|Update)Sink|DeleteBucket|UpdateBucket(Async)?|UpdateSettings|(Create|Update)Exclusion|DeleteLog',
  example: 'gcloud logging sinks delete security-export',
  match: (signal) => {
    if (verbOf(signal) === 'createsink') return madeFor(signal);
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

/** A new sink that exports to another project. */
const madeFor = (signal: AuditSignal): Sighting | undefined => {
  const destination = text(at(signal.request, 'sink', 'destination')) ?? '';
  const project = /\/projects\/([^/]{1,200})\//.exec(`${destination}/`)?.[1];
  if (project === undefined || project === signal.place.project) return undefined;
  return {
    because: [`${shownCaller(signal)} exports logs to another project: ${quote(destination, 200)}`],
    severity: 'medium',
    confidence: signal.principalClass === 'automation' ? BY_AUTOMATION : 0.5,
  };
};

const isOurs = ({ resourceName, request }: AuditSignal): boolean => {
  const topic = `/topics/${TOPIC_PREFIX}`;
  const destinations = [at(request, 'sink', 'destination'), at(request, 'destination')];
  return (
    (resourceName ?? '').includes(`/sinks/${TOPIC_PREFIX}`) ||
    destinations.some((destination) => text(destination)?.includes(topic) === true)
  );
};
