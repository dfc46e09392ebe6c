import { isSystemNamespace } from '../../kubernetes/namespaces.ts';
import { callRule } from '../call-rule.ts';
import { aboutCall, shownCall } from '../claim.ts';
import { ATTACHES, EXECS, execOf } from '../exec.ts';

/** A command run in, or a terminal tied to, a pod that runs the cluster. */
export const execIntoSystemPod = callRule({
  id: 'exec-into-system-pod',
  title: 'Command run in a system pod',
  sees: 'An exec into, or an attach to, a pod in kube-system, kube-public, kube-node-lease or a namespace of GKE.',
  why: 'These pods have rights over the whole cluster and its nodes, and people seldom have a reason to enter one.',
  technique: [{ id: 'T1609', name: 'Container Administration Command' }],
  severity: 'high',
  confidence: 0.75,
  family: 'exec',
  falsePositives: ['Google support', 'Debugging of nodes and of networking by operators'],
  calls: [...EXECS, ...ATTACHES],
  example: 'kubectl exec -n kube-system kube-proxy-x7k2 -- sh',
  match: (signal) => {
    if (!isSystemNamespace(signal.call.namespace ?? '')) return undefined;
    const exec = execOf(signal);
    const did =
      exec === undefined ? 'attach to a container' : exec.line === undefined ? 'run a command' : `run ${exec.shown}`;
    return { ...aboutCall(signal), because: [shownCall(signal, `${did} in`)] };
  },
});
