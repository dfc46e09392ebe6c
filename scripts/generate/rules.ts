import { RULES } from '../../shared/detection/registry.ts';
import { needsOf, type Rule } from '../../shared/detection/rule.ts';
import type { Family } from '../../shared/model/ids.ts';
import { attackTables } from './attack.ts';
import { type Files, GENERATED_NOTE, markdownTable } from './files.ts';

const claim = ({ severity, confidence, conclusive }: Rule): string =>
  `${severity} ${confidence.toFixed(2)}${conclusive === true ? ', conclusive' : ''}`;

/** Advice for a person on evidence of each family. */
const ADVICE: Readonly<Record<Family, string>> = {
  spec: 'ask whoever wrote the workload, and look at its image and its owner; if nobody meant it, `firebreak contain` it at `quarantine`, then look for what its author wrote besides',
  exec: 'ask the principal whether it was they; if not, `firebreak contain` the pod at `isolate` and take the credential away, and look at what else it did since',
  network: 'compare with what was there before, put it back, and look at who reached what in the meantime',
  cpu: 'look at what the pod runs and since when; if nobody knows it, `firebreak contain` it at `quarantine`, and keep its image',
  rbac: 'compare with what was there before, take the right back, and look at everything that its holders did since',
  identity:
    'ask the principal whether it was they; if not, disable it, delete its keys and tokens, and look at everything that it did since',
  'threat-feed':
    'open the alert where it came from, for what its detector knows besides; contain what it names, and do not close it there before the incident is closed here',
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
  `- what to do: ${ADVICE[rule.family]}; if it was meant, an \`allow\` in \`config/rules.yaml\` with \`rule: ${rule.id}\``,
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
    'What they share (attempts, split entries, who is expected to do what) is in [detection.md](detection.md). A rule of your own,',
    'an allowance or an override goes into `config/rules.yaml`.',
    '',
    markdownTable(['rule', 'title', 'claims at most', 'family'], overview),
    '',
    ...attackTables(),
    ...RULES.flatMap(section),
  ];
  return new Map([['docs/rules.md', text.join('\n')]]);
};
