import { type Command, Option } from 'commander';
import { Malformed } from '../../shared/errors.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { INCIDENT_STATES } from '../../shared/model/notice.ts';
import { HALT_ID, type HaltRecord } from '../../shared/model/records.ts';
import type { DocStore, Stores } from '../../shared/ports.ts';
import { haltLines } from '../../shared/views/halt-text.ts';
import { incidentText } from '../../shared/views/incident-text.ts';
import { incidentsTable } from '../../shared/views/incidents-table.ts';
import { type Connect, connect } from '../connect.ts';
import type { Io } from '../io.ts';
import { paletteOf } from '../palette.ts';
import { whileReading } from '../progress.ts';
import { watch } from '../watch.ts';

type Options = { project?: string; json?: boolean; watch?: boolean; state?: string; namespace?: string };

const WATCH_MS = 1000;
/** Longer than for a local stack, since every read of a deployed project's incidents costs money. */
const REMOTE_WATCH_MS = 5000;
const EXAMPLES = `
Examples:
  firebreak incidents                what is known, newest first
  firebreak incidents INCIDENT       one, with its timeline
  firebreak incidents --watch        again whenever it changes, until Ctrl-C
  firebreak incidents --project p1 --state asking --json | jq -r '.incidents[].id'
                                     of a deployed project, those that wait for a yes or no`;

/** `firebreak incidents [ID]`: all incidents as a table, or one with its timeline. */
export const incidentsCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  program
    .command('incidents')
    .description('list the incidents, or show one with its timeline')
    .argument('[incident]', 'id of one')
    .option('--project <id>', "the deployment's project (default: that of the local stack)")
    .addOption(new Option('--state <state>', 'only those in this state').choices(INCIDENT_STATES))
    .option('-n, --namespace <name>', 'only those in this namespace')
    .option('--json', 'documents instead of text')
    .option('-w, --watch', 'again whenever something changes')
    .addHelpText('after', EXAMPLES)
    .action(async (id: string | undefined, options: Options) => {
      const connection = await connectTo(io, options.project);
      try {
        const { stores } = connection;
        if (stores === undefined) throw new Malformed('no incidents can be read from here: start `firebreak local`.');
        const project = connection.local ? undefined : connection.project;
        const shown = (found: Found): string => rendered(io, found, id, { ...options, project });
        if (options.watch !== true) {
          const found = await whileReading(io, project, () => find(stores, id, options));
          io.stdout.write(`${shown(found)}\n`);
          return;
        }
        await watch(io, {
          everyMs: connection.local ? WATCH_MS : REMOTE_WATCH_MS,
          lines: options.json === true,
          look: async () => {
            const found = await find(stores, id, options);
            const revision = JSON.stringify([found.halt?.rev, found.incidents.map((i) => [i.id, i.rev])]);
            return { text: shown(found), revision };
          },
        });
      } finally {
        await connection.close();
      }
    });
};

/** Every document of a listing, over all its pages. */
const all = async (store: DocStore<Incident>, query: { state?: string }): Promise<Incident[]> => {
  const found: Incident[] = [];
  let after: string | undefined;
  do {
    const page = await store.list(query, after === undefined ? {} : { after });
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found;
};

/** The incidents asked for, and the halt, which holds for all of them. */
type Found = { incidents: readonly Incident[]; halt: HaltRecord | undefined };

const find = async (
  { incidents, halts }: Pick<Stores, 'incidents' | 'halts'>,
  id: string | undefined,
  { state, namespace }: Options,
): Promise<Found> => {
  const halt = await halts.get(HALT_ID);
  if (id === undefined) {
    const found = await all(incidents, state === undefined ? {} : { state });
    return {
      incidents: namespace === undefined ? found : found.filter(({ target }) => target.namespace === namespace),
      halt,
    };
  }
  const one = await incidents.get(id);
  if (one === undefined) throw new Malformed(`there is no incident ${id}: see \`firebreak incidents\`.`);
  return { incidents: [one], halt };
};

/** Formats incidents, below the halt if one is in force. `project`: the deployed project that they belong to. */
const rendered = (
  io: Io,
  { incidents, halt }: Found,
  id: string | undefined,
  { json, state, namespace, project }: Omit<Options, 'project'> & { project: string | undefined },
): string => {
  const options = { palette: paletteOf(io), columns: io.columns, now: io.now(), project };
  if (json === true) return JSON.stringify(id === undefined ? { incidents } : incidents[0]);
  const halted = haltLines(halt, options);
  if (id !== undefined) return [...halted, ...incidents.map((i) => incidentText(i, options))].join('\n');
  const which = [
    ...(state === undefined ? [] : [`in state ${state}`]),
    ...(namespace === undefined ? [] : [`in namespace ${namespace}`]),
  ];
  const listed = incidents.length === 0 ? ['no incidents', ...which].join(' ') : incidentsTable(incidents, options);
  return [...halted, listed].join('\n');
};
