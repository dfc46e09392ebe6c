import { MINER_OPTIONS, STRATUM } from './miner-options.ts';
import { wordsOf } from './shell-words.ts';
import { type Started, startedBy } from './started-programs.ts';

/** Programs that look for text or processes, whatever they are told to look for, and run none of it. */
const SEARCHERS: ReadonlySet<string> = new Set([
  ...['grep', 'egrep', 'fgrep', 'zgrep', 'rg', 'pgrep', 'pkill', 'killall'],
]);
/** Programs that tell of files, processes and hosts. */
const TELLERS: ReadonlySet<string> = new Set([
  ...['ps', 'pidof', 'which', 'type', 'whereis', 'ls', 'stat', 'file', 'strings', 'dig', 'nslookup', 'host', 'getent'],
]);
/** A program from where systems keep theirs: elsewhere anything may be called so. */
const IN_PLACE = /^(?:\/(?:usr\/)?s?bin\/)?[^/]{1,60}$/;
const DEVICE = /^\/dev\/(?:tcp|udp)\/[\w.:$[\]{}-]{1,255}\/[\w$]/;

/** Whether a command only looks for something, whoever starts it. */
export const onlyLooks = (text: string): boolean => {
  const started = startedBy(text);
  return started.length > 0 && started.every(looks) && !wordsOf(text).files.some((file) => DEVICE.test(file));
};

const looks = ({ path, name, args }: Started): boolean =>
  IN_PLACE.test(path) && (SEARCHERS.has(name) || (TELLERS.has(name) && !isMiners(args)));

/** Who has nothing to look for in other programs' words, and takes a miner's, is a miner of that name. */
const isMiners = (args: readonly string[]): boolean => {
  const text = ` ${args.join(' ').toLowerCase()}`;
  return STRATUM.test(text) || MINER_OPTIONS.test(text);
};
