import type { AuditSignal } from '../model/signal.ts';
import { quote } from '../text.ts';
import { toldOnce } from '../told-once.ts';
import type { Calls } from './calls.ts';
import { aboutCall, shownDeed } from './claim.ts';
import type { InCommand } from './command.ts';
import type { Sighting } from './rule.ts';

/** A command that somebody asked to run in a container. `line` is absent where the log does not contain the command. */
type Exec = { line?: string; shown: string };

const VERBS = ['create', 'get'];

/** Commands in containers, over SPDY (create) or WebSocket (get). */
export const EXECS: readonly Calls[] = [{ resources: ['core/pods/exec'], verbs: VERBS }];
const MAX_SHOWN = 300;

/** Attachments of a terminal to the program of a container. */
export const ATTACHES: readonly Calls[] = [{ resources: ['core/pods/attach'], verbs: VERBS }];

/** The sighting for a command in which `see` finds something, with a `lesser` claim where that is not certain. */
export const seenInCommand = (
  signal: AuditSignal,
  see: (line: string) => InCommand | string | undefined,
  lesser: Pick<Sighting, 'severity' | 'confidence' | 'conclusive'> = {},
): Sighting | undefined => {
  const exec = execOf(signal);
  const seen = exec?.line === undefined ? undefined : see(exec.line);
  if (exec === undefined || seen === undefined) return undefined;
  const { what, certain } = typeof seen === 'string' ? { what: seen, certain: true } : seen;
  return {
    ...aboutCall(signal),
    ...(certain ? {} : lesser),
    because: [
      `${shownDeed(signal, 'ran a command in', 'run a command in')} that ${what}`,
      `the command is ${exec.shown}`,
    ],
  };
};

/** The exec that a call makes; undefined for any other call. `shown` is the command, quoted and cut. */
export const execOf = toldOnce((signal: AuditSignal): Exec | undefined => {
  const { call } = signal;
  if (call === undefined || call.group !== 'core' || call.resource !== 'pods') return undefined;
  if (call.subresource !== 'exec' || !VERBS.includes(call.verb)) return undefined;
  const { command } = signal;
  if (command === undefined) return { shown: 'a command that the log does not show' };
  const shown = `${quote(command.line, MAX_SHOWN)}${command.truncated ? ' (cut by the log)' : ''}`;
  return { line: command.line, shown };
});
