import type { Command } from 'commander';
import { isPrivateRange, rangeOf } from '../../shared/addresses.ts';
import type { Rule } from '../../shared/detection/rule.ts';
import type { RulesFile } from '../../shared/detection/rules-file.ts';
import { plain } from '../../shared/text.ts';
import { tableText } from '../../shared/views/table.ts';
import { type Io, tableColumns } from '../io.ts';
import { paletteOf } from '../palette.ts';
import { RULES_OPTION, rulesFile } from '../rules-file.ts';
import { unknownAllowed } from '../unknown-rules.ts';

type Options = { json?: boolean; rules?: string };

const HEADING = ['RULE', 'SEVERITY', 'CONFIDENCE', 'TECHNIQUE', 'TITLE'];

const EXAMPLES = `
Examples:
  firebreak rules                       what each rule claims at most, and what it sees
  firebreak rules --rules rules.yaml    the same with what a file adds and changes, and what it vouches for
  firebreak rules --json                everything that the rules say of themselves`;

/** `firebreak rules`: prints the catalogue of the detection rules, with the changes of a rules file. */
export const rulesCommand = (program: Command, io: Io): void => {
  program
    .command('rules')
    .description('the detection rules: what each claims at most, and what it sees')
    .option(...RULES_OPTION)
    .option('--json', 'everything that the rules say of themselves')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json, rules: named }: Options) => {
      const { file, detector } = await rulesFile(io, named);
      const { domains, lists, allow } = file;
      const shown = lists.map(({ name, addresses }) => ({ name, addresses: addresses.length }));
      const unknown = unknownAllowed(file, detector.rules);
      const hidden = lists.flatMap(({ name, addresses }) => (addresses.some(isPrivate) ? [name] : []));
      io.stdout.write(
        json === true
          ? `${JSON.stringify({ rules: detector.rules, domains, lists: shown, allow, unknownRules: unknown, privateLists: hidden })}\n`
          : [table(io, detector.rules), ...sections(io, file), ...warnings(io, unknown, hidden)]
              .join('\n\n')
              .concat('\n'),
      );
    });
};

const table = (io: Io, rules: readonly Rule[]): string => {
  const { bold } = paletteOf(io);
  return tableText(HEADING.map(bold), rules.map(row), tableColumns(io));
};

const row = ({ id, severity, confidence, technique, title }: Rule): string[] => [
  id,
  severity,
  confidence.toFixed(2),
  technique.map((one) => one.id).join(' '),
  plain(title, 200),
];

const sections = (io: Io, { domains, lists, allow }: RulesFile): string[] => {
  const { bold } = paletteOf(io);
  return [
    ...(domains.length === 0 ? [] : [`our domains: ${domains.join(', ')}`]),
    ...(lists.length === 0
      ? []
      : [
          tableText(
            ['LIST', 'ENTRIES'].map(bold),
            lists.map(({ name, addresses }) => [name, String(addresses.length)]),
            tableColumns(io),
          ),
        ]),
    ...(allow.length === 0
      ? []
      : [
          tableText(
            ['ALLOWED', 'IN', 'RULE', 'UNTIL', 'BY', 'REASON'].map(bold),
            allow.map(({ principal = '*', namespace = '*', rule = '*', expires, owner, reason }) =>
              [principal, namespace, rule, expires + (isOver(io, expires) ? ' (over)' : ''), owner, reason].map(
                (cell) => plain(cell, 200),
              ),
            ),
            tableColumns(io),
          ),
        ]),
  ];
};

const isPrivate = (written: string): boolean => {
  const range = rangeOf(written);
  return range !== undefined && isPrivateRange(range);
};

const warnings = (io: Io, unknown: readonly string[], hidden: readonly string[]): string[] => {
  const { yellow } = paletteOf(io);
  const said = [
    ...unknown.map((pattern) => `no rule is called ${plain(pattern, 63)}, so what names it never holds`),
    ...hidden.map(
      (name) =>
        `list ${name} has private addresses: the sink brings a call from one only if another rule needs its entry`,
    ),
  ];
  return said.length === 0 ? [] : [said.map(yellow).join('\n')];
};

const isOver = (io: Io, expires: string): boolean => new Date(io.now()).toISOString().slice(0, 10) > expires;
