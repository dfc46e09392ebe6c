import { RULES } from '../../shared/detection/registry.ts';
import { needsOf, type Rule } from '../../shared/detection/rule.ts';
import type { Family } from '../../shared/model/ids.ts';
import { attackTables } from './attack.ts';
import { type Files, GENERATED_NOTE, markdownTable } from './files.ts';

const claim = ({ severity, confidence, conclusive }: Rule): string =>
  `${severity} ${confidence.toFixed(2)}${conclusive === true ? ', conclusive' : ''}`;

/** Advice for a person on evidence of each family. */
const ADVICE: Readonly<Record<Family, string>> = {
  spec: 'ask whoever created the workload, and look at its image and its owner; if nobody intended it, `firebreak contain` it at `quarantine`, then look for what else its author created',
  exec: 'ask the principal whether they did it; if not, `firebreak contain` the pod at `isolate`, revoke the credential, and look at what else it has done since',
  network: 'compare with the state before, restore it, and look at who reached what in the meantime',
  cpu: 'look at what the pod runs, and since when; if nobody knows it, `firebreak contain` it at `quarantine`, and keep its image',
  rbac: 'compare with the state before, revoke the permission, and look at everything that its holders have done since',
  identity:
    'ask the principal whether they did it; if not, disable the principal, delete its keys and tokens, and look at everything that it has done since',
  'threat-feed':
    'open the alert in the system that sent it, to see what else its detector knows; contain what the alert names, and do not close it there before the incident is closed here',
};

const section = (rule: Rule): string[] => [
  `## ${rule.id}`,
  '',
  `${rule.sees} ${rule.why}`,
  '',
  `- claims at most ${claim(rule)}; evidence family ${rule.family}`,
  `- ATT&CK: ${rule.technique.map(({ id, name }) => `${id} ${name}`).join('; ')}`,
  `- known false positives: ${rule.falsePositives.length === 0 ? 'none' : rule.falsePositives.join('; ')}`,
  `- fires on: ${rule.example}`,
  `- what to do: ${ADVICE[rule.family]}; if it was intended, add an \`allow\` to \`config/rules.yaml\` with \`rule: ${rule.id}\``,
  '',
  '```',
  needsOf(rule),
  '```',
  '',
];

/** `docs/rules.md`: every detection rule with its claims and its known false positives, and the ATT&CK coverage. */
export const ruleFiles = (): Files => {
  const overview = RULES.map((rule) => [`[${rule.id}](#${rule.id})`, rule.title, claim(rule), rule.family]);
  const text = [
    GENERATED_NOTE,
    '',
    '# Detection rules',
    '',
    '[detection.md](detection.md) describes what all rules have in common: attempts, split entries, who is expected to do what. Rules of',
    'your own, allowances and overrides go into `config/rules.yaml`.',
    '',
    markdownTable(['rule', 'title', 'claims at most', 'family'], overview),
    '',
    ...attackTables(),
    ...RULES.flatMap(section),
  ];
  return new Map([['docs/rules.md', text.join('\n')]]);
};
