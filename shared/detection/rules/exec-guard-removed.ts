import { callRule } from '../call-rule.ts';
import { EXECS, seenInCommand } from '../exec.ts';
import { guardRemovedIn } from '../guards.ts';

/** A command, run in a container through the API, that switches off what watches or guards the machine. */
export const execGuardRemoved = callRule({
  id: 'exec-guard-removed',
  title: 'Guard or record switched off by a command',
  sees: 'An exec whose command ends a security tool, the audit daemon or a firewall, flushes the rules of the packet filter, switches SELinux off, removes the history of the shell or the records of the system, or hides a process.',
  why: 'Installers of miners begin so, and whoever hides what they typed did not do their own work. In a pod with access to its node it takes the guards of the node away.',
  technique: [
    { id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' },
    { id: 'T1562.004', name: 'Impair Defenses: Disable or Modify System Firewall' },
    { id: 'T1070.003', name: 'Indicator Removal: Clear Command History' },
    { id: 'T1070.002', name: 'Indicator Removal: Clear Linux or Mac System Logs' },
  ],
  severity: 'medium',
  confidence: 0.55,
  family: 'exec',
  falsePositives: ['Repair of the network of a node', 'Restarts of an agent by hand'],
  calls: EXECS,
  example: "kubectl exec -n shop cart-7d9f -- sh -c 'setenforce 0; iptables -F'",
  match: (signal) => seenInCommand(signal, guardRemovedIn),
});
