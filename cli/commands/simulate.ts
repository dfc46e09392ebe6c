import type { Command } from 'commander';
import { type Simulated, simulate } from '../../shared/decision/simulate.ts';
import type { Place } from '../../shared/model/signal.ts';
import { counted, plain } from '../../shared/text.ts';
import { tableText } from '../../shared/views/table.ts';
import { targetText } from '../../shared/views/target.ts';
import type { Io } from '../io.ts';
import { paletteOf } from '../palette.ts';
import { withPlaceOptions } from '../place-options.ts';
import { policyFile } from '../policy-file.ts';
import { RULES_OPTION, rulesFile } from '../rules-file.ts';
import { scoredOf } from '../scored.ts';

type Options = Place & { policy?: string; against?: string; rules?: string; json?: boolean };

const EXAMPLES = `
Targets are told apart by their names alone, since no cluster is asked: conditions on labels, host reach and controllers
that the record does not name do not hold. Nothing is touched.

Examples:
  firebreak simulate entries.ndjson --policy policy.yaml         what that policy would have decided
  firebreak simulate entries.ndjson --against policy.yaml        how it differs from the policy in force
  firebreak simulate entries.ndjson --rules rules.yaml           with rules, lists and allowances of your own
  firebreak simulate --project p1 --location europe-west1 --cluster c1 audit.log
                                                                 on a Kubernetes API server's own log`;

/** One incident under a policy, and under the policy to compare with; undefined if a policy leads to no incident. */
type Pair = { result: Simulated | undefined; against?: Simulated | undefined; differs?: boolean };

/** `firebreak simulate FILE`: prints what would have been decided on recorded events. */
export const simulateCommand = (program: Command, io: Io): void => {
  withPlaceOptions(
    program
      .command('simulate')
      .description('what would have been decided on recorded events; touches nothing')
      .argument('<file>', 'what `score` reads: NDJSON, or a JSON array; - for standard input'),
  )
    .option('--policy <file>', 'the policy (default: that of FIREBREAK_POLICY, else the one that is shipped)')
    .option(...RULES_OPTION)
    .option('--against <file>', 'another policy, to see what it would have decided otherwise')
    .option('--json', 'NDJSON on a terminal too')
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: Options) => run(io, file, options));
};

const run = async (io: Io, file: string, options: Options): Promise<void> => {
  const { policy, rules, against, json, ...place } = options;
  const { detector } = await rulesFile(io, rules);
  const claims = new Map(detector.rules.map((rule) => [rule.id, rule]));
  const one = simulate(await policyFile(io, policy), claims);
  const other = against === undefined ? undefined : simulate(await policyFile(io, against), claims);
  const scored = scoredOf(io, { file, place, detector, progress: true });
  const simulations = other === undefined ? [one] : [one, other];
  for await (const some of scored)
    for (const { line, findings } of some)
      for (const finding of findings)
        for (const simulation of simulations) {
          const refused = simulation.take(finding, line);
          if (refused !== undefined) io.stderr.write(`line ${line}: not believed: ${plain(refused, 300)}\n`);
        }
  const pairs = pairsOf(one.results(), other?.results());
  io.stdout.write(io.isTTY && json !== true ? `${text(io, pairs)}\n` : pairs.map(lineOf).join(''));
};

const outcomeOf = (one: Simulated | undefined): string => JSON.stringify([one?.verdict, one?.tier, one?.asked]);

const pairsOf = (results: Simulated[], against: Simulated[] | undefined): Pair[] => {
  if (against === undefined) return results.map((result) => ({ result }));
  const others = new Map(against.map((one) => [one.incident, one]));
  const known = new Set(results.map(({ incident }) => incident));
  const pairs: Pair[] = [
    ...results.map((result) => ({ result, against: others.get(result.incident) })),
    ...against.filter(({ incident }) => !known.has(incident)).map((one) => ({ result: undefined, against: one })),
  ];
  return pairs.map((pair) => ({ ...pair, differs: outcomeOf(pair.result) !== outcomeOf(pair.against) }));
};

const lineOf = ({ result, against, differs }: Pair): string => {
  const shown = differs === undefined ? {} : { against: briefOf(against), differs };
  return `${JSON.stringify(result === undefined ? { ...against, ...briefOf(undefined), ...shown } : { ...result, ...shown })}\n`;
};

const briefOf = (one: Simulated | undefined) =>
  one === undefined
    ? { verdict: null, tier: null, asked: null, because: [] }
    : { verdict: one.verdict, tier: one.tier, asked: one.asked ?? null, because: one.because };

const decidedText = (one: Simulated | undefined): string => {
  if (one === undefined) return 'no incident';
  const asks = one.asked === undefined ? '' : `, asks for ${one.asked}`;
  return `${one.verdict === 'dry-run' ? 'dry run: ' : ''}${one.tier}${asks}`;
};

const text = (io: Io, pairs: readonly Pair[]): string => {
  const { bold, yellow } = paletteOf(io);
  const compares = pairs.some(({ differs }) => differs !== undefined);
  const shown = compares ? pairs.filter(({ differs }) => differs) : pairs;
  const heading = [
    'SEEN FROM',
    'TARGET',
    'SEVERITY',
    'CONFIDENCE',
    'RULES',
    'DECIDED',
    ...(compares ? ['AGAINST'] : []),
  ];
  const rows = shown.flatMap(({ result, against }) => {
    const one = result ?? against;
    if (one === undefined) return [];
    const confidence = one.confidence?.toFixed(2) ?? '-';
    const cells = [
      one.from,
      targetText(one.target),
      one.severity ?? '-',
      confidence,
      one.rules.join(' '),
      decidedText(result),
    ];
    return [compares ? [...cells, yellow(decidedText(against))] : cells];
  });
  const count = compares
    ? `${shown.length} of ${counted(pairs.length, 'incident')} would be decided differently`
    : counted(pairs.length, 'incident');
  return rows.length === 0 ? count : `${tableText(heading.map(bold), rows, io.columns)}\n\n${count}`;
};
