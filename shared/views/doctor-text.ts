import type { Verdict } from '../doctor/check.ts';
import type { Examined } from '../doctor/examine.ts';
import { plain } from '../text.ts';
import type { Palette } from './palette.ts';
import { wrap } from './wrap.ts';

type Options = { palette: Palette; columns: number; all: boolean };

const MARK = { ok: '✔', warn: '▲', fail: '✘' } as const;

const worst = (verdicts: readonly Verdict[]): Verdict['status'] =>
  (['fail', 'warn'] as const).find((status) => verdicts.some((one) => one.status === status)) ?? 'ok';

const inkOf = ({ green, yellow, red }: Palette) => ({ ok: green, warn: yellow, fail: red });

const WIDTH = 18;

const textOf = ({ subject, says }: Verdict): string => `${subject}: ${says}`;

const linesOf = (verdict: Verdict, { palette, columns }: Options): string[] => {
  const { status } = verdict;
  const indent = '    ';
  const [first = '', ...rest] = wrap(plain(textOf(verdict), 800), columns - indent.length);
  const lines = [`  ${inkOf(palette)[status](MARK[status])} ${first}`, ...rest.map((line) => `${indent}${line}`)];
  // A command stays on one line so that it can be copied.
  return status === 'ok'
    ? lines
    : [...lines, `${indent}${palette.dim('→')} ${palette.cyan(plain(verdict.next, 1000))}`];
};

/**
 * The text of one check: its name and result, and below it the verdicts that are not well, with the next command to
 * type.
 */
export const examinedText = ({ check, verdicts }: Examined, options: Options): string => {
  const { palette, all } = options;
  const status = worst(verdicts);
  const good = verdicts.filter((one) => one.status === 'ok');
  const bad = verdicts.filter((one) => one.status !== 'ok');
  const [only] = verdicts;
  // A single verdict that is well needs no line of its own.
  const alone = only !== undefined && verdicts.length === 1 && status === 'ok';
  const brief = alone ? (only.subject === check ? only.says : textOf(only)) : `${good.length} of ${verdicts.length} ok`;
  const [count, ...more] = wrap(plain(brief, 800), options.columns - WIDTH - 3);
  const heading = `${inkOf(palette)[status](MARK[status])} ${palette.bold(check.padEnd(WIDTH))} ${count}`;
  return [
    heading,
    ...more.map((line) => `${' '.repeat(WIDTH + 3)}${line}`),
    ...(all && !alone ? verdicts : bad).flatMap((one) => linesOf(one, options)),
  ].join('\n');
};

/** The summary line: `12 checks: 10 ok, 1 with a warning, 1 failed`. */
export const doctorSummary = (examined: readonly Examined[]): string => {
  const count = (status: Verdict['status']): number => examined.filter((one) => worst(one.verdicts) === status).length;
  const [fine, warned, failed] = [count('ok'), count('warn'), count('fail')];
  return `${examined.length} checks: ${fine} ok, ${warned} with a warning, ${failed} failed`;
};
