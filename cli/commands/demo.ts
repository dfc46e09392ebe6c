import { type Command, Option } from 'commander';
import type { BusKind } from '../../local/bus.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { incidentText } from '../../shared/views/incident-text.ts';
import { tableText } from '../../shared/views/table.ts';
import { seconds, Usage } from '../arguments.ts';
import { watchInterrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import { paletteOf } from '../palette.ts';
import { play, type StartStack } from '../play.ts';
import { makeProgress } from '../progress.ts';

type Options = { json?: boolean; list?: boolean; pubsub: BusKind; timeout: number };

const EXAMPLES = `
Examples:
  firebreak demo                     a miner in a pod is seen, decided, contained and shown
  firebreak demo --json | jq .       the same, as documents
  firebreak demo --list              the scenarios`;

/** What to do next, for who has seen one end. A story may end while a step still waits, as for something that may come back. */
const after = (id: string, incidents: readonly Incident[]): string =>
  [
    ...(incidents.some(({ state }) => state === 'containing')
      ? ['The story ends here. On a cluster, what is under way and to do above goes on by itself.']
      : []),
    'All of it ran on this machine, against a simulated cloud, and is stopped again. Next:',
    `  npx firebreak demo --list       other stories than ${id}`,
    '  npx firebreak local             the same to try by hand, with the console in a browser',
  ].join('\n');

const start: StartStack = async (options) => (await import('../../local/stack.ts')).startStack(options);

/**
 * `firebreak demo`: starts everything on this machine, plays a scenario and prints the timeline. Exit 1 if the scenario
 * did not end as expected; stderr then says what is missing.
 */
export const demoCommand = (program: Command, io: Io, startStack: StartStack = start): void => {
  program
    .command('demo')
    .description('play an attack on this machine, see it contained, and exit')
    .argument('[scenario]', 'which one (see --list)')
    .option('--json', 'only {"incidents":[...]} on stdout; with --list, {"scenarios":[...]}')
    .option('--list', 'list the scenarios and exit')
    .addOption(new Option('--pubsub <bus>', 'which bus').choices(['embedded', 'emulator']).default('embedded'))
    .option('--timeout <seconds>', 'how long the scenario may take', seconds, 60)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, options: Options) => {
      const { SCENARIOS } = await import('../../local/scenarios/registry.ts');
      if (options.list === true) {
        const rows = SCENARIOS.map(({ id, title }) => [id, title]);
        const scenarios = SCENARIOS.map(({ id, title, story }) => ({ id, title, story }));
        const text = tableText(['SCENARIO', 'WHAT HAPPENS'], rows);
        io.stdout.write(options.json === true ? `${JSON.stringify({ scenarios })}\n` : `${text}\n`);
        return;
      }
      const scenario = SCENARIOS.find(({ id }, at) => (name === undefined ? at === 0 : id === name));
      if (scenario === undefined) {
        throw new Usage(`there is no scenario ${JSON.stringify(name)}: see \`firebreak demo --list\`.`);
      }
      const progress = makeProgress(io, options.json === true);
      using interrupts = watchInterrupts();
      const { incidents, missing } = await play(scenario, {
        startStack,
        pubsub: options.pubsub,
        timeoutMs: options.timeout * 1000,
        progress,
        signal: interrupts.signal,
      });
      if (options.json !== true) io.stderr.write('\n');
      const view = { palette: paletteOf(io), columns: io.columns, now: io.now(), next: false };
      io.stdout.write(
        options.json === true
          ? `${JSON.stringify({ incidents })}\n`
          : `${incidents.map((one) => incidentText(one, view)).join('\n\n')}\n`,
      );
      if (options.json !== true && missing.length === 0) io.stderr.write(`\n${after(scenario.id, incidents)}\n`);
      if (missing.length > 0) {
        io.setExit(1);
        io.stderr.write(`firebreak: the scenario ${scenario.id} did not end as it must: ${missing.join('; ')}.\n`);
      }
    });
};
