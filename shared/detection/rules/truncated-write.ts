import { isAllowedPair } from '../allowed-pairs.ts';
import { BINDING_WRITES } from '../binding.ts';
import { callRule } from '../call-rule.ts';
import { aboutCall, shownDeed } from '../claim.ts';
import { ROLE_WRITES } from '../role.ts';
import { POD_WRITES } from '../written-pods.ts';

/** With this, the API server marks an event from which it has left out the bodies, because it was too large. */
const TRUNCATED = 'audit.k8s.io/truncated';

/** Somebody wrote a workload or a role that is too large for the audit log, so that no other rule can judge it. */
export const truncatedWrite = callRule({
  id: 'truncated-write',
  title: 'Workload or role too large for the audit log',
  sees: 'A write of a workload, role or binding by anyone but a controller of the cluster, whose body the audit log left out because of its size.',
  why: 'The log keeps who wrote what, but not what it says. An annotation of some hundred kilobytes is enough to hide a privileged pod, a miner or a powerful role from all rules that read bodies.',
  technique: [{ id: 'T1562.008', name: 'Impair Defenses: Disable or Modify Cloud Logs' }],
  severity: 'medium',
  confidence: 0.4,
  family: 'spec',
  falsePositives: ['Generated workloads with very large annotations or environment variables'],
  calls: [...POD_WRITES, ...ROLE_WRITES, BINDING_WRITES],
  example: 'kubectl apply -f pod.yaml, where an annotation of the pod has 250 kB',
  match: (signal) =>
    signal.labels[TRUNCATED] === 'true' && signal.request === undefined && !isAllowedPair(signal)
      ? {
          ...aboutCall(signal),
          because: [
            shownDeed(signal, 'wrote', 'write'),
            'the audit log left out what it says, because it was too large',
          ],
        }
      : undefined,
});
