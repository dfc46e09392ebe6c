import type { Command } from 'commander';
import { type Connect, connect } from './connect.ts';
import { assertIncident, pasted } from './incident-argument.ts';
import type { Io } from './io.ts';
import { runRequest } from './run-request.ts';
import { type RequestOptions, withRequestOptions } from './send.ts';

/** A subcommand that asks for nothing but an action on one incident; `does` is its description, `example` one line. */
export const incidentRequest =
  (action: 'close' | 'release', { does, example }: { does: string; example: string }) =>
  (program: Command, io: Io, connectTo: Connect = connect): void => {
    withRequestOptions(program.command(action).description(does).argument('<incident>', 'id of the incident'))
      .addHelpText('after', `\nExample:\n  ${example}`)
      .action((given: string, options: RequestOptions) =>
        runRequest(io, connectTo, options, async ({ stores }) => {
          const incident = pasted(given);
          await assertIncident(stores, incident);
          return { action, incident };
        }),
      );
  };
