import type { PlainCommand } from './command.ts';

const LISTERS: ReadonlySet<string> = new Set(['find', 'ls', 'tree', 'locate', 'realpath', 'readlink']);
/** Programs that show, copy or send what is in the files that they are given. */
const READERS: ReadonlySet<string> = new Set([
  ...['cat', 'tac', 'nl', 'head', 'tail', 'less', 'more', 'strings', 'xxd', 'od', 'hexdump', 'base64', 'base32'],
  ...['grep', 'egrep', 'fgrep', 'awk', 'sed', 'cut', 'sort', 'tar', 'zip', 'gzip', 'cp', 'mv', 'dd', 'scp', 'rsync'],
  ...['curl', 'wget', 'nc', 'ncat', 'openssl', 'python', 'python3', 'perl', 'jq', 'tee', 'install'],
]);

const SUBSTITUTED = ['$(', '`', '<('];
const XARGS = /(?:^|[\s/])(?:xargs|parallel)\s/;
const NOBODY = { xargs: false, loop: false };
const LOOP = /^\s*while\s/;

/**
 * Of the commands of a line, those that list files whose contents another one reads: by xargs (`find / | xargs cat`),
 * in its arguments (`cat $(find /)`) or in a loop; and each find that runs a reader itself. Takes time linear in the
 * commands.
 */
export const readLists = (commands: readonly PlainCommand[]): PlainCommand[] => {
  // A variable, or another command in its words, names what such a command reads.
  const byVariable = commands.some((command) => command.text.includes('$') && reads(command));
  // The script of `xargs -I{} sh -c` stands in the place of its starter.
  const byBraces = commands.some((command) => command.text.includes('{}') && reads(command) && !lists(command));
  const read: PlainCommand[] = [];
  let fedTo = NOBODY;
  for (const command of commands.toReversed()) {
    const isRead = SUBSTITUTED.includes(command.before) ? byVariable : fedTo.xargs || (fedTo.loop && byVariable);
    if (lists(command) && (isRead || reads(command))) read.push(command);
    fedTo = /^\|&?$/.test(command.before)
      ? {
          xargs: fedTo.xargs || byBraces || (XARGS.test(command.text) && reads(command)),
          loop: fedTo.loop || LOOP.test(command.text),
        }
      : NOBODY;
  }
  return read;
};

const lists = ({ programs }: PlainCommand): boolean => programs.some((program) => LISTERS.has(program));
const reads = ({ programs }: PlainCommand): boolean => programs.some((program) => READERS.has(program));
