import type { Command } from 'commander';
import { RULES } from '../../shared/detection/registry.ts';
import type { Rule } from '../../shared/detection/rule.ts';
import { tableText } from '../../shared/views/table.ts';
import type { Io } from '../io.ts';
import { paletteOf } from '../palette.ts';

const HEADING = ['RULE', 'SEVERITY', 'CONFIDENCE', 'TECHNIQUE', 'TITLE'];

const EXAMPLES = `
Examples:
  firebreak rules            what each rule claims at most, and what it sees
  firebreak rules --json     everything that the rules say of themselves`;

/** `firebreak rules`: the catalogue of the detection rules. */
export const rulesCommand = (program: Command, io: Io): void => {
  program
    .command('rules')
    .description('the detection rules: what each claims at most, and what it sees')
    .option('--json', 'everything that the rules say of themselves')
    .addHelpText('after', EXAMPLES)
    .action(({ json }: { json?: boolean }) => {
      io.stdout.write(`${json === true ? JSON.stringify({ rules: RULES }) : table(io)}\n`);
    });
};

const table = (io: Io): string => {
  const { bold } = paletteOf(io);
  return tableText(HEADING.map(bold), RULES.map(row));
};

const row = ({ id, severity, confidence, technique, title }: Rule): string[] => [
  id,
  severity,
  confidence.toFixed(2),
  technique.map((one) => one.id).join(' '),
  title,
];
