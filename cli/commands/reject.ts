import type { Command } from 'commander';
import { type Connect, connect } from '../connect.ts';
import type { Io } from '../io.ts';
import { runRequest } from '../run-request.ts';
import { type RequestOptions, withRequestOptions } from '../send.ts';

/** `firebreak reject`: ends the open ask; what runs by itself goes on. */
export const rejectCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  withRequestOptions(
    program
      .command('reject')
      .description('refuse what an incident asks for')
      .argument('<incident>', 'id of the incident'),
  )
    .addHelpText('after', '\nExample:\n  firebreak reject INCIDENT --reason "the service must stay up"')
    .action((incident: string, options: RequestOptions) =>
      runRequest(io, connectTo, options, () => ({ action: 'reject', incident })),
    );
};
