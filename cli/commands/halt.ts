import type { Command } from 'commander';
import { type Connect, connect } from '../connect.ts';
import type { Io } from '../io.ts';
import { runRequest } from '../run-request.ts';
import { type RequestOptions, withRequestOptions } from '../send.ts';

/** `firebreak halt`: stops all changes. No change is sent if its check began after the halt was committed. */
export const haltCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  withRequestOptions(program.command('halt').description('stop every change, in all incidents, until resume'))
    .addHelpText('after', '\nExample:\n  firebreak halt --reason "deploy in progress" --wait')
    .action((options: RequestOptions) => runRequest(io, connectTo, options, () => ({ action: 'halt' })));
};
