import { MINER_OPTIONS, POOL } from './miner-options.ts';
import type { Started } from './started-programs.ts';

/** Programs that look for text or processes, whatever they are told to look for, and run none of it. */
const SEARCHERS: ReadonlySet<string> = new Set([
  ...['grep', 'egrep', 'fgrep', 'zgrep', 'rg', 'pgrep', 'pkill', 'killall', 'test', '[', '[['],
  // What these are told to start is looked at by itself.
  ...['find', 'xargs', 'command'],
]);
/** Programs that tell of files, processes and hosts. */
const TELLERS: ReadonlySet<string> = new Set([
  ...['ps', 'pidof', 'which', 'type', 'whereis', 'ls', 'stat', 'file', 'strings', 'dig', 'nslookup', 'host', 'getent'],
  ...['tr', 'cut'],
]);
/** Programs that search, unless they are told to run something, or to write it where it stands. */
const EDITORS: ReadonlyMap<string, RegExp> = new Map([
  ['sed', /^-[nErsuz]{0,4}i|^--in-place|(?:^|[\d$;{])e\s|\/[gpI\d]{0,4}e(?:;|$)/],
  ...['awk', 'gawk', 'mawk', 'nawk'].map(
    (name) => [name, /\bBEGIN\b|system\s?\(|\bgetline\b|\|&?\s?"|\/inet\//] as const,
  ),
]);
/** A program from where systems keep theirs: elsewhere anything may be called so. */
const IN_PLACE = /^(?:\/(?:usr\/)?s?bin\/)?[^/]{1,60}$/;
const DEVICE = /^\/dev\/(?:tcp|udp)\/[\w.:$[\]{}-]{1,255}\/[\w$]/;

/** Whether a command that starts these, and reads or writes these files, only looks for something. */
export const onlyLooks = (started: readonly Started[], files: readonly string[]): boolean =>
  started.length > 0 && started.every(looks) && !files.some((file) => DEVICE.test(file));

const looks = ({ path, name, args }: Started): boolean => {
  if (!IN_PLACE.test(path)) return false;
  if (TELLERS.has(name)) return !isMiners(args);
  const runs = EDITORS.get(name);
  return SEARCHERS.has(name) || (runs !== undefined && !args.some((arg) => runs.test(arg)));
};

/** Who has nothing to look for in other programs' words, and takes a miner's, is a miner of that name. */
const isMiners = (args: readonly string[]): boolean => {
  const text = ` ${args.join(' ').toLowerCase()}`;
  return POOL.test(text) || MINER_OPTIONS.test(text);
};
