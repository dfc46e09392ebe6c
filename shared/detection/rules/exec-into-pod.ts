import { isProgram } from '../../kubernetes/principals.ts';
import { callRule } from '../call-rule.ts';
import { aboutCall, shownDeed } from '../claim.ts';
import { EXECS, execOf } from '../exec.ts';

/** The confidence for programs: runners of builds run every step by an exec, so that one says little. */
const BY_PROGRAM = 0.3;

/** A command run in a container through the API. */
export const execIntoPod = callRule({
  id: 'exec-into-pod',
  title: 'Command run in a pod',
  sees: 'An exec into a container, by kubectl or any other client, over SPDY (create) or WebSocket (get); by the account of a program 0.30.',
  why: 'Whoever runs commands in a pod has its service account, its secrets and its network. Most such calls are debugging, so one alone is only watched and adds weight to other evidence.',
  technique: [{ id: 'T1609', name: 'Container Administration Command' }],
  severity: 'medium',
  confidence: 0.45,
  family: 'exec',
  falsePositives: [
    'Debugging by operators',
    'CI agents that run their steps by exec, such as those of Jenkins or Argo',
  ],
  calls: EXECS,
  example: 'kubectl exec -n shop cart-7d9f -- ls /tmp',
  match: (signal) => {
    const exec = execOf(signal);
    if (exec === undefined) return undefined;
    const what = exec.line === undefined ? 'a command' : exec.shown;
    return {
      ...aboutCall(signal),
      ...(isProgram(signal) ? { confidence: BY_PROGRAM } : {}),
      because: [shownDeed(signal, `ran ${what} in`, `run ${what} in`)],
    };
  },
});
