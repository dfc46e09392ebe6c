import { attackToolIn } from '../attack-tools.ts';
import { callRule } from '../call-rule.ts';
import { EXECS, seenInCommand } from '../exec.ts';

/** For tools that people at work use as well. */
const OTHER_USE = { severity: 'medium', confidence: 0.55 } as const;

/** A command, run in a container through the API, that starts a tool of attackers. */
export const execAttackTool = callRule({
  id: 'exec-attack-tool',
  title: 'Attack tool started in a pod',
  sees: 'An exec whose command starts a tool that looks for ways out of a container and into a cluster, such as Peirates, CDK, kdigger, DEEPCE, LinPEAS, amicontained, kube-hunter or kubeletctl (high); or a scanner of networks, or a tunnel that lets somebody in from outside (medium 0.55).',
  why: 'Intruders first look around: which rights, which neighbours, which way to the node. A tunnel keeps the way in open.',
  technique: [
    { id: 'T1613', name: 'Container and Resource Discovery' },
    { id: 'T1046', name: 'Network Service Discovery' },
    { id: 'T1572', name: 'Protocol Tunneling' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'exec',
  falsePositives: ['Penetration tests', 'Approved scans', 'Debugging of networks by operators'],
  calls: EXECS,
  example: 'kubectl exec -n shop cart-7d9f -- /tmp/kdigger dig all',
  match: (signal) => seenInCommand(signal, attackToolIn, OTHER_USE),
});
