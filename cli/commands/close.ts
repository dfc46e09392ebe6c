import type { Command } from 'commander';
import { type Connect, connect } from '../connect.ts';
import { assertIncident, pasted } from '../incident-argument.ts';
import type { Io } from '../io.ts';
import { runRequest } from '../run-request.ts';
import { type RequestOptions, withRequestOptions } from '../send.ts';

/** `firebreak close`: ends planning for an incident and leaves the changes made in force. */
export const closeCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  withRequestOptions(
    program
      .command('close')
      .description('end an incident and leave what was done in force')
      .argument('<incident>', 'id of the incident'),
  )
    .addHelpText('after', '\nExample:\n  firebreak close INCIDENT --reason "handed over to forensics"')
    .action((given: string, options: RequestOptions) =>
      runRequest(io, connectTo, options, async ({ stores }) => {
        const incident = pasted(given);
        await assertIncident(stores, incident);
        return { action: 'close', incident };
      }),
    );
};
