import type { Command } from 'commander';
import { answerCommand } from '../answer-command.ts';
import { type Connect, connect } from '../connect.ts';
import type { Io } from '../io.ts';

/** `firebreak reject`: rejects what an incident asks for, and nothing else. Steps that run without asking go on. */
export const rejectCommand = (program: Command, io: Io, connectTo: Connect = connect): void =>
  answerCommand(
    program.command('reject').description('refuse what an incident asks for'),
    { action: 'reject', doing: 'rejecting', example: '--reason "the service must stay up" --wait' },
    io,
    connectTo,
  );
