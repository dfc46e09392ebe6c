import { quote } from '../../text.ts';
import { imageNamesOf, objectNameOf, wordFinder } from '../object-names.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

const TOOLS = [
  'peirates',
  'kube-hunter',
  'kubehunter',
  'kubeletctl',
  'kubesploit',
  'deepce',
  'cdk',
  'botb',
  'nsenter',
  'linpeas',
  'amicontained',
  'escape',
  'privesc',
];

const hasTool = wordFinder(TOOLS);

/** A workload named like a tool for attacking clusters. */
export const attackToolWorkload = podRule({
  id: 'attack-tool-workload',
  title: 'Workload named like an attack tool',
  sees: `A pod, or a pod template, whose name or image has one of these words: ${TOOLS.join(', ')}.`,
  why: 'These tools look for ways from a container to its node, and from there to the cluster.',
  technique: [
    { id: 'T1610', name: 'Deploy Container' },
    { id: 'T1613', name: 'Container and Resource Discovery' },
  ],
  severity: 'medium',
  confidence: 0.6,
  family: 'spec',
  falsePositives: ['Penetration tests', 'Approved scans', 'Programs with such a name by coincidence'],
  evident: true,
  example: 'kubectl run scan --image=aquasec/kube-hunter',
  look: (spec, signal) => {
    const names = [objectNameOf(signal) ?? '', ...imageNamesOf(spec)];
    return sightingFor(
      names.filter(hasTool).map((name) => `it is named ${quote(name, 253)}, like a tool for attacking clusters`),
    );
  },
});
