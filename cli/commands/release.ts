import type { Command } from 'commander';
import { type Connect, connect } from '../connect.ts';
import { assertIncident, pasted } from '../incident-argument.ts';
import type { Io } from '../io.ts';
import { runRequest } from '../run-request.ts';
import { type RequestOptions, withRequestOptions } from '../send.ts';

/**
 * `firebreak release`: sets the goal `released`; the run stops before its next change and undoes the changes in force.
 */
export const releaseCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  withRequestOptions(
    program
      .command('release')
      .description('take back what was done to an incident, last change first')
      .argument('<incident>', 'id of the incident'),
  )
    .addHelpText('after', '\nExample:\n  firebreak release INCIDENT --reason "false alarm" --wait')
    .action((given: string, options: RequestOptions) =>
      runRequest(io, connectTo, options, async ({ stores }) => {
        const incident = pasted(given);
        await assertIncident(stores, incident);
        return { action: 'release', incident };
      }),
    );
};
