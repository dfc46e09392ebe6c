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
  'botb',
  'nsenter',
  'linpeas',
  'amicontained',
  'privesc',
  'metasploit',
];
/** Words that have other meanings too, for which the confidence is lower. */
const COMMON = ['cdk', 'escape', 'kali'];
const BY_COMMON = { confidence: 0.45 } as const;

const hasTool = wordFinder(TOOLS);
const hasCommon = wordFinder(COMMON);
const hasAny = wordFinder([...TOOLS, ...COMMON]);

/** A workload named like a tool for attacking clusters. */
export const attackToolWorkload = podRule({
  id: 'attack-tool-workload',
  title: 'Workload named like an attack tool',
  sees: `A pod, or a pod template, whose name or image has one of these words: ${TOOLS.join(', ')}; at 0.45 ${COMMON.join(' or ')}.`,
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
    const names = [objectNameOf(signal) ?? '', ...imageNamesOf(spec)].filter(hasAny);
    if (names.length === 0) return undefined;
    const because = (has: (name: string) => boolean): string[] =>
      names.filter(has).map((name) => `it is named ${quote(name, 253)}, like a tool for attacking clusters`);
    return sightingFor(because(hasTool)) ?? sightingFor(because(hasCommon), BY_COMMON);
  },
});
