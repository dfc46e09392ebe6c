import { callRule } from '../call-rule.ts';
import { EXECS, seenInCommand } from '../exec.ts';
import { hostAccessIn } from '../host-access.ts';

/** For what operators do too, in a pod with access to its node: kubectl debug and node shells enter nodes like this. */
const AS_OPERATORS = { severity: 'medium', confidence: 0.55 } as const;

/** A command, run in a container through the API, that goes from the container to its node. */
export const execHostAccess = callRule({
  id: 'exec-host-access',
  title: 'Way from a container to its node',
  sees: 'An exec whose command mounts disks or control groups of the node, reads a disk directly, loads kernel modules, makes the kernel run a program, or names the socket of a container runtime (high). At medium 0.55: nsenter into the first process, chroot, the files of the first process, unshare as root, and clients of container runtimes. Commands that only list files do not count.',
  why: 'Outside its container, an attacker controls the node and every pod on it.',
  technique: [{ id: 'T1611', name: 'Escape to Host' }],
  severity: 'high',
  confidence: 0.75,
  family: 'exec',
  falsePositives: ['Debugging of nodes by operators', 'Storage and network agents'],
  calls: EXECS,
  example: 'kubectl exec -n shop cart-7d9f -- mount /dev/sda1 /mnt',
  match: (signal) => seenInCommand(signal, hostAccessIn, AS_OPERATORS),
});
