import { callRule } from '../call-rule.ts';
import { EXECS, seenInCommand } from '../exec.ts';
import { persistenceIn } from '../persistence.ts';

/** In the container's own files, which its end removes, and where some programs keep such files by design. */
const IN_CONTAINER = { severity: 'medium', confidence: 0.5 } as const;

/** A command, run in a container through the API, that leaves a way back. */
export const execPersistence = callRule({
  id: 'exec-persistence',
  title: 'Way back written by a command',
  sees: 'An exec whose command writes keys that may log in by SSH, jobs of cron, units of systemd, static pods of the kubelet, users, programs that run as their owner, libraries that every program loads, or pages that run what their visitors ask for; or that starts a server for logins by SSH. Within the files of the node, by a mounted path or after a way out of the container: high. Otherwise medium 0.50.',
  why: 'A container that is deleted takes the intruder with it, unless something on the node starts them again.',
  technique: [
    { id: 'T1098.004', name: 'Account Manipulation: SSH Authorized Keys' },
    { id: 'T1053.003', name: 'Scheduled Task/Job: Cron' },
    { id: 'T1543.002', name: 'Create or Modify System Process: Systemd Service' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'exec',
  falsePositives: ['Set-up of SFTP and Git servers in pods', 'Repair of nodes by operators'],
  calls: EXECS,
  example: "kubectl exec -n shop cart-7d9f -- sh -c 'echo ssh-ed25519 AAAA >> /host/root/.ssh/authorized_keys'",
  match: (signal) => seenInCommand(signal, persistenceIn, IN_CONTAINER),
});
