import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Finding } from '../shared/model/finding.ts';
import { severityRank } from '../shared/model/ids.ts';
import { tableText } from '../shared/views/table.ts';
import { isLoud } from '../test/kit/scored.ts';
import { type Judged, judge } from './corpus/judge.ts';

// Runs the rules over labelled events that others have published. Prints a table by source and label, the missed events
// with reasons, and the findings in benign events. FOLDER holds events.ndjson and labels.ndjson, line by line. Exits 1
// if a benign event has a loud finding above medium, or if the sink would drop an event with a finding.

const label = z.object({
  id: z.string().catch('without an id'),
  source: z.string().catch('unknown'),
  label: z.string().catch('none'),
  rule: z.string().optional().catch(undefined),
  test: z.string().optional().catch(undefined),
});
type Line = z.infer<typeof label> & Judged;

/** The labelled events of a folder, judged. */
export const corpusOf = (folder: string): Line[] => {
  const read = (name: string): unknown[] =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line): unknown => JSON.parse(line));
  const labels = read('labels.ndjson').map((one) => label.parse(one));
  return read('events.ndjson').map((event, n) => {
    const labelled = labels[n];
    if (labelled === undefined) throw new Error(`event ${n + 1} has no label`);
    return { ...labelled, ...judge(event) };
  });
};

const isAlarm = (finding: Finding): boolean =>
  isLoud(finding) && severityRank(finding.severity) > severityRank('medium');

/**
 * Lines that must not occur: a benign event with a loud finding above medium, or an event with a finding that the sink
 * would drop.
 */
export const violationsOf = (lines: readonly Line[]): Line[] =>
  lines.filter(({ label, findings, dropped }) => dropped || (label === 'benign' && findings.some(isAlarm)));

const rowsOf = (lines: readonly Line[]): string[][] =>
  [...Map.groupBy(lines, ({ source, label }) => `${source}\n${label}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, of]) => [
      ...key.split('\n'),
      String(of.length),
      ...[() => true, isLoud, isAlarm].map((is) => String(of.filter(({ findings }) => findings.some(is)).length)),
    ]);

const shown = ({ id, label, rule, test, findings, because = '' }: Line): string =>
  `${id} (${label}${[rule, test].map((one) => (one === undefined ? '' : `, ${one}`)).join('')}): ${
    findings.length === 0
      ? because
      : findings.map((one) => `${one.rule} ${one.severity} ${one.confidence.toFixed(2)}`).join(', ')
  }`;

const main = (): void => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { all: { type: 'boolean', default: false } },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error('usage: node scripts/corpus.ts FOLDER [--all]');
  const lines = corpusOf(folder);
  const section = (title: string, of: readonly Line[]): string =>
    [`${title}: ${of.length}`, ...of.map((line) => `  ${shown(line)}`)].join('\n');
  const missed = lines.filter(({ label, findings }) => findings.length === 0 && !/^(benign|rule-nomatch)$/.test(label));
  const quiet = lines.filter(({ label }) => label === 'benign');
  process.stdout.write(
    `${[
      tableText(['SOURCE', 'LABEL', 'EVENTS', 'SEEN', 'LOUD', 'LOUD, HIGH OR ABOVE'], rowsOf(lines)),
      section('missed', missed),
      section(
        'seen in what is benign',
        quiet.filter(({ findings }) => findings.length > 0),
      ),
      ...(values.all
        ? [
            section(
              'seen',
              lines.filter(({ findings }) => findings.length > 0),
            ),
          ]
        : []),
      section('must not be', violationsOf(lines)),
    ].join('\n\n')}\n`,
  );
  if (violationsOf(lines).length > 0) process.exitCode = 1;
};

if (import.meta.main) main();
