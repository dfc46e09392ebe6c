import { type Command, Option } from 'commander';
import { everyOf } from '../../shared/decision/pages.ts';
import { Malformed } from '../../shared/errors.ts';
import { isLabelName } from '../../shared/kubernetes/names.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { INCIDENT_STATES } from '../../shared/model/notice.ts';
import { HALT_ID, type HaltRecord } from '../../shared/model/records.ts';
import type { RequestRecord } from '../../shared/model/request.ts';
import type { Stores } from '../../shared/ports.ts';
import { haltLines } from '../../shared/views/halt-text.ts';
import { incidentText } from '../../shared/views/incident-text.ts';
import { incidentsTable } from '../../shared/views/incidents-table.ts';
import { named } from '../arguments.ts';
import { type Connect, connect } from '../connect.ts';
import { incidentMeant, incidentsMeant, notThere, pasted } from '../incident-argument.ts';
import { type Io, tableColumns } from '../io.ts';
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
    .argument('[incident]', 'id of one, its beginning, or what it is about')
    .option('--project <id>', "the deployment's project (default: that of the local stack)")
    .addOption(new Option('--state <state>', 'only those in this state').choices(INCIDENT_STATES))
    .option('-n, --namespace <name>', 'only those in this namespace', named(isLabelName))
    .option('--json', 'documents instead of text')
    .option('-w, --watch', 'again whenever something changes')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, options: Options) => {
      const word = given === undefined ? undefined : pasted(given);
      const connection = await connectTo(io, options.project);
      try {
        const { stores } = connection;
        if (stores === undefined) throw new Malformed('no incidents can be read from here: start `firebreak local`.');
        const project = connection.local ? undefined : connection.project;
        const shown = (found: Found): string => rendered(io, found, word, { ...options, project });
        if (options.watch !== true) {
          const found = await whileReading(io, project, () => find(stores, word, options));
          io.stdout.write(`${shown(found)}\n`);
          return;
        }
        await watch(io, {
          everyMs: connection.local ? WATCH_MS : REMOTE_WATCH_MS,
          lines: options.json === true,
          look: async () => {
            connection.assertRunning?.();
            const found = await find(stores, word, options);
            const revision = JSON.stringify([
              found.halt?.rev,
              [...found.incidents, ...found.requests].map((i) => [i.id, i.rev]),
            ]);
            const text = shown(found);
            // Of one incident its end says how it goes, and what it asks.
            const isOne = word !== undefined && found.incidents.length === 1;
            return { text, revision, ...(isOne ? { top: headOf(text, found) } : {}) };
          },
        });
      } finally {
        await connection.close();
      }
    });
};

/** The incidents asked for, and the halt, which holds for all of them. */
type Found = {
  incidents: readonly Incident[];
  halt: HaltRecord | undefined;
  /** Those about the incident, where it is only one. */
  requests: readonly RequestRecord[];
};

/** How many lines say what an incident is, with the halt above it: up to and with the blank one below them. */
const headOf = (text: string, { halt }: Found): number => {
  const lines = text.split('\n');
  return lines.indexOf('', halt?.halted === true ? lines.indexOf('') + 1 : 0) + 1;
};

/** `word`: an id, or what an incident is about. With `json` it has to mean one: a script must not get another shape. */
const find = async (
  { incidents, halts, requests }: Pick<Stores, 'incidents' | 'halts' | 'requests'>,
  word: string | undefined,
  { state, namespace, json }: Options,
): Promise<Found> => {
  const halt = await halts.get(HALT_ID);
  if (word !== undefined && json === true)
    return { incidents: [await incidentMeant(incidents, word)], halt, requests: [] };
  const found =
    word === undefined
      ? await everyOf(incidents, state === undefined ? {} : { state })
      : await incidentsMeant(incidents, word);
  if (word !== undefined && found.length === 0) throw notThere(word, []);
  const shown = found.filter(
    (one) =>
      (state === undefined || one.state === state) && (namespace === undefined || one.target.namespace === namespace),
  );
  const [one, ...others] = word === undefined ? [] : shown;
  const isOne = one !== undefined && others.length === 0;
  return { incidents: shown, halt, requests: isOne ? await everyOf(requests, { key: one.id }) : [] };
};

/** Formats incidents, below the halt if one is in force. `project`: the deployed project that they belong to. */
const rendered = (
  io: Io,
  { incidents, halt, requests }: Found,
  word: string | undefined,
  { json, state, namespace, project }: Omit<Options, 'project'> & { project: string | undefined },
): string => {
  const options = { palette: paletteOf(io), columns: io.columns, now: io.now(), project };
  if (json === true) return JSON.stringify(word === undefined ? { incidents } : incidents[0]);
  const halted = haltLines(halt, options);
  if (word !== undefined && incidents.length === 1)
    return [...halted, ...incidents.map((i) => incidentText(i, { ...options, requests }))].join('\n');
  const which = [
    ...(state === undefined ? [] : [`in state ${state}`]),
    ...(namespace === undefined ? [] : [`in namespace ${namespace}`]),
  ];
  const listed =
    incidents.length === 0
      ? ['no incidents', ...which].join(' ')
      : incidentsTable(incidents, { ...options, columns: tableColumns(io) });
  return [...halted, listed].join('\n');
};
