import { RULES } from '../../shared/detection/registry.ts';
import { needsOf, type Rule } from '../../shared/detection/rule.ts';
import type { Family } from '../../shared/model/ids.ts';
import { attackTables } from './attack.ts';
import { type Files, GENERATED_NOTE, markdownTable } from './files.ts';

const claim = ({ severity, confidence, conclusive }: Rule): string =>
  `${severity} ${confidence.toFixed(2)}${conclusive === true ? ', conclusive' : ''}`;

/** Advice for a person on evidence of each family. */
const ADVICE: Readonly<Record<Family, string>> = {
  spec: 'ask its author about the workload, and check its image and its owner; if nobody intended it, `firebreak contain` it at `quarantine`, then look for other changes by the same author',
  exec: 'ask the principal whether they did this; if not, `firebreak contain` the pod at `isolate`, revoke the credential, and check what else it was used for since',
  network: 'compare with the previous state, restore it, and check who reached what in the meantime',
  cpu: 'check what the pod runs and since when; if nobody knows it, `firebreak contain` it at `quarantine`, and keep its image',
  rbac: 'compare with the previous state, revoke the right, and check everything that its holders did since',
  identity:
    'ask the principal whether they did this; if not, disable the account, delete its keys and tokens, and check everything that it did since',
  'threat-feed':
    'open the alert in the product that raised it, for further details; contain the object that it names, and do not close the alert there before the incident is closed here',
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
  `- what to do: ${ADVICE[rule.family]}; if it was intended, add an \`allow\` with \`rule: ${rule.id}\` to \`config/rules.yaml\``,
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
    'What all rules share (attempts, split entries, expected callers) is in [detection.md](detection.md). Put your own rules,',
    'allowances and overrides into `config/rules.yaml`.',
    '',
    markdownTable(['rule', 'title', 'claims at most', 'family'], overview),
    '',
    ...attackTables(),
    ...RULES.flatMap(section),
  ];
  return new Map([['docs/rules.md', text.join('\n')]]);
};
