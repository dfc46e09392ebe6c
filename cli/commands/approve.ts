import type { Command } from 'commander';
import { answerCommand } from '../answer-command.ts';
import { type Connect, connect } from '../connect.ts';
import type { Io } from '../io.ts';

/** `firebreak approve`: approves what an incident asks for, and nothing else. */
export const approveCommand = (program: Command, io: Io, connectTo: Connect = connect): void =>
  answerCommand(
    program.command('approve').description('approve what an incident asks for'),
    { action: 'approve', doing: 'approving', example: '--reason "evidence is safe" --wait' },
    io,
    connectTo,
  );
