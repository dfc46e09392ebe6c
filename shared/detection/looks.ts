import { MINER_OPTIONS, POOL } from './miner-options.ts';
import type { Started } from './started-programs.ts';

/** Programs that look for text or processes and never run the words that they are given. */
const SEARCHERS: ReadonlySet<string> = new Set([
  ...['grep', 'egrep', 'fgrep', 'zgrep', 'rg', 'pgrep', 'pkill', 'killall', 'test', '[', '[['],
  // The programs that these start are checked separately.
  ...['find', 'xargs', 'command'],
]);
/** Programs that only describe files, processes and hosts, or cut text. */
const TELLERS: ReadonlySet<string> = new Set([
  ...['ps', 'pidof', 'which', 'type', 'whereis', 'ls', 'stat', 'file', 'strings', 'dig', 'nslookup', 'host', 'getent'],
  ...['tr', 'cut'],
]);
/** Programs that only search, unless their arguments make them run something or write a file in place. */
const EDITORS: ReadonlyMap<string, RegExp> = new Map([
  ['sed', /^-[nErsuz]{0,4}i|^--in-place|(?:^|[\d$;{])e\s|\/[gpI\d]{0,4}e(?:;|$)/],
  ...['awk', 'gawk', 'mawk', 'nawk'].map(
    (name) => [name, /\bBEGIN\b|system\s?\(|\bgetline\b|\|&?\s?"|\/inet\//] as const,
  ),
]);
/** A program called by its bare name or from a system folder: in other folders any program may have such a name. */
const IN_PLACE = /^(?:\/(?:usr\/)?s?bin\/)?[^/]{1,60}$/;
const DEVICE = /^\/dev\/(?:tcp|udp)\/[\w.:$[\]{}-]{1,255}\/[\w$]/;

/** Whether a command that starts these programs, and reads or writes these files, only looks for something. */
export const onlyLooks = (started: readonly Started[], files: readonly string[]): boolean =>
  started.length > 0 && started.every(looks) && !files.some((file) => DEVICE.test(file));

const looks = ({ path, name, args }: Started): boolean => {
  if (!IN_PLACE.test(path)) return false;
  if (TELLERS.has(name)) return !isMiners(args);
  const runs = EDITORS.get(name);
  return SEARCHERS.has(name) || (runs !== undefined && !args.some((arg) => runs.test(arg)));
};

/**
 * A program of `TELLERS` does not search for its arguments: one that gets a miner's options is a miner under that name.
 */
const isMiners = (args: readonly string[]): boolean => {
  const text = ` ${args.join(' ').toLowerCase()}`;
  return POOL.test(text) || MINER_OPTIONS.test(text);
};
