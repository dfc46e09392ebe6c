import type { Command } from 'commander';
import { Malformed } from '../shared/errors.ts';
import { reachLines } from '../shared/views/ask-reach.ts';
import { addedText } from '../shared/views/ask-text.ts';
import type { Connect, Connection } from './connect.ts';
import { incidentNamed, pasted } from './incident-argument.ts';
import type { Io } from './io.ts';
import { runRequest } from './run-request.ts';
import { type RequestOptions, withRequestOptions } from './send.ts';

type Options = RequestOptions & { plan?: string };

/** Defines a command that answers what an incident asks for. The plan's hash binds the answer to exactly that plan. */
export const answerCommand = (
  command: Command,
  { action, doing, example }: { action: 'approve' | 'reject'; doing: string; example: string },
  io: Io,
  connectTo: Connect,
): void => {
  withRequestOptions(
    command
      .argument('<incident>', 'id of the incident')
      .option('--plan <hash>', 'the plan as it was shown (default: the one asked for now)'),
  )
    .addHelpText('after', `\nExample:\n  firebreak ${action} INCIDENT --plan 3fa9c1d2e4b5 ${example}`)
    .action((given: string, options: Options) =>
      runRequest(io, connectTo, options, async (connection) => {
        const incident = pasted(given);
        const plan = options.plan ?? (await askedPlan(io, connection, incident, { action, doing }));
        return { action, incident, plan };
      }),
    );
};

/**
 * The plan that the incident asks for now. Also told on stderr, and which objects an approval is for, so that the
 * sender sees what the answer was given to.
 */
const askedPlan = async (
  io: Io,
  { stores }: Connection,
  id: string,
  { action, doing }: { action: string; doing: string },
): Promise<string> => {
  if (stores === undefined)
    throw new Malformed('add --plan HASH, as the notice shows it: the incidents cannot be read from here.');
  const incident = await incidentNamed(stores.incidents, id);
  const asked = incident.decision?.asked;
  if (asked === undefined)
    throw new Malformed(
      `incident ${id} asks for nothing now (it is ${incident.state}): see \`firebreak incidents ${id}\`.`,
    );
  io.stderr.write(`${doing} ${asked.tier}${addedText(asked)} on ${id} (plan ${asked.plan})\n`);
  if (action === 'approve') for (const line of reachLines(incident, asked)) io.stderr.write(`${line}\n`);
  return asked.plan;
};
