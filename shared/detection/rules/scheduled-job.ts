import { isSystemNamespace } from '../../kubernetes/namespaces.ts';
import { callRule } from '../call-rule.ts';
import { WRITES } from '../calls.ts';
import { aboutCall, shownDeed } from '../claim.ts';

/** A Job that will run once, or a CronJob that will run again and again. */
export const scheduledJob = callRule({
  id: 'scheduled-job',
  title: 'Job or CronJob created or changed',
  sees: 'A Job or CronJob that is created or changed by anyone but controllers and service accounts of Google Cloud; medium in a system namespace.',
  why: 'A CronJob can recreate what was removed.',
  technique: [{ id: 'T1053.007', name: 'Scheduled Task/Job: Container Orchestration Job' }],
  severity: 'medium',
  confidence: 0.35,
  family: 'spec',
  falsePositives: ['Workflow schedulers', 'Maintenance by hand'],
  calls: [{ resources: ['batch/jobs', 'batch/cronjobs'], verbs: WRITES }],
  example: "kubectl create cronjob again --schedule='*/5 * * * *' --image=busybox",
  match: (signal) => {
    if (signal.principalClass === 'automation') return undefined;
    return {
      ...aboutCall(signal),
      because: [shownDeed(signal, 'wrote', 'write')],
      severity: isSystemNamespace(signal.call.namespace ?? '') ? 'medium' : 'low',
    };
  },
});
