import { RULES } from '../../shared/detection/registry.ts';
import { needsOf, type Rule } from '../../shared/detection/rule.ts';
import { type Files, GENERATED_NOTE, markdownTable } from './files.ts';

const claim = ({ severity, confidence, conclusive }: Rule): string =>
  `${severity} ${confidence.toFixed(2)}${conclusive === true ? ', conclusive' : ''}`;

const section = (rule: Rule): string[] => [
  `## ${rule.id}`,
  '',
  `${rule.sees} ${rule.why}`,
  '',
  `- claims at most ${claim(rule)}; evidence family ${rule.family}`,
  `- ATT&CK: ${rule.technique.map(({ id, name }) => `${id} ${name}`).join('; ')}`,
  `- known false positives: ${rule.falsePositives.length === 0 ? 'none' : rule.falsePositives.join('; ')}`,
  `- fires on: ${rule.example}`,
  '',
  '```',
  needsOf(rule),
  '```',
  '',
];

/** `docs/rules.md`: every detection rule, with what it claims and what is known to set it off wrongly. */
export const ruleFiles = (): Files => {
  const overview = RULES.map((rule) => [`[${rule.id}](#${rule.id})`, rule.title, claim(rule), rule.family]);
  const text = [
    GENERATED_NOTE,
    '',
    '# Detection rules',
    '',
    markdownTable(['rule', 'title', 'claims at most', 'family'], overview),
    '',
    ...RULES.flatMap(section),
  ];
  return new Map([['docs/rules.md', text.join('\n')]]);
};
