import type { Command } from 'commander';
import { type Connect, connect } from '../connect.ts';
import type { Io } from '../io.ts';
import { runRequest } from '../run-request.ts';
import { type RequestOptions, withRequestOptions } from '../send.ts';

/** `firebreak resume`: ends a halt; waiting changes go on. */
export const resumeCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  withRequestOptions(program.command('resume').description('end a halt'))
    .addHelpText('after', '\nExample:\n  firebreak resume --reason "deploy is over" --wait')
    .action((options: RequestOptions) => runRequest(io, connectTo, options, () => ({ action: 'resume' })));
};
