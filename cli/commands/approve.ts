import type { Command } from 'commander';
import { Malformed } from '../../shared/errors.ts';
import { type Connect, type Connection, connect } from '../connect.ts';
import type { Io } from '../io.ts';
import { runRequest } from '../run-request.ts';
import { type RequestOptions, withRequestOptions } from '../send.ts';

type Options = RequestOptions & { plan?: string };

/** `firebreak approve`: says yes to what an incident asks for, and to nothing else: the plan's hash is part of it. */
export const approveCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  withRequestOptions(
    program
      .command('approve')
      .description('approve what an incident asks for')
      .argument('<incident>', 'id of the incident')
      .option('--plan <hash>', 'the plan as it was shown (default: the one asked for now)'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  firebreak approve INCIDENT --plan 3fa9c1d2e4b5 --reason "evidence is safe" --wait',
    )
    .action((incident: string, options: Options) =>
      runRequest(io, connectTo, options, async (connection) => ({
        action: 'approve',
        incident,
        plan: options.plan ?? (await askedPlan(io, connection, incident)),
      })),
    );
};

/** The plan that is asked for now, named on stderr, so that its sender sees what the yes was for. */
const askedPlan = async (io: Io, { stores }: Connection, id: string): Promise<string> => {
  if (stores === undefined)
    throw new Malformed('add --plan HASH, as the notice shows it: the incidents cannot be read from here.');
  const asked = (await stores.incidents.get(id))?.decision?.asked;
  if (asked === undefined) throw new Malformed(`incident ${id} asks for nothing: see \`firebreak incidents\`.`);
  io.stderr.write(`approving ${asked.tier} on ${id} (plan ${asked.plan})\n`);
  return asked.plan;
};
