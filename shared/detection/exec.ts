import type { AuditSignal } from '../model/signal.ts';
import { quote } from '../text.ts';
import type { Calls } from './calls.ts';

/** A command that was asked for in a container; `line` is absent where the log does not tell it. */
export type Exec = { line?: string; shown: string };

const VERBS = ['create', 'get'];

/** Commands in containers, over SPDY (create) or WebSocket (get). */
export const EXECS: readonly Calls[] = [{ resources: ['core/pods/exec'], verbs: VERBS }];
const MAX_SHOWN = 300;

/** The exec that a call is; undefined where it is something else. `shown` is the command, quoted and cut. */
export const execOf = ({ call, command }: AuditSignal): Exec | undefined => {
  if (call === undefined || call.group !== 'core' || call.resource !== 'pods') return undefined;
  if (call.subresource !== 'exec' || !VERBS.includes(call.verb)) return undefined;
  if (command === undefined) return { shown: 'a command that the log does not tell' };
  const shown = `${quote(command.line, MAX_SHOWN)}${command.truncated ? ' (cut by the log)' : ''}`;
  return { line: command.line, shown };
};
