import { toldOfText } from '../told-of-text.ts';
import { onlyLooks } from './looks.ts';
import { type ShellCommand, shellCommands } from './shell-commands.ts';
import { expanded } from './shell-expansions.ts';
import { wordsOf } from './shell-words.ts';
import { type Started, scriptIn, startedBy } from './started-programs.ts';

/**
 * The longest text that is read: as much as an audit entry of a spec can hold, so that nothing hides behind padding.
 */
const MAX_TEXT = 512 * 1024;
/** How many levels of shells that start shells are followed. */
const MAX_DEPTH = 4;
/** How often a text may be encoded over. */
const MAX_ENCODED = 3;

/** What a command line does, as the end of a sentence. Where it is not `certain`, it may be honest work. */
export type InCommand = { what: string; certain: boolean };

/**
 * A command line as its shell would take it apart, joined again: first only the parts that do more than look for
 * something (`ps aux | grep xmrig` is left out), then the same without quotes and escapes, then the text of what is
 * encoded in base64. Lower case. Takes time linear in the text.
 */
export const actingText = toldOfText((line): string => {
  const acting = actingParts(line).join('');
  const plain = withoutQuotes(acting);
  return [acting, plain, ...decodings(plain)].join('\n').toLowerCase();
});

/** The text of what is encoded in base64 in the commands of a line that do more than look for something. */
export const decodedIn = toldOfText((line): readonly string[] => decodings(withoutQuotes(actingParts(line).join(''))));

/** The commands of a line that do more than look for something, as written, each with the separator before it. */
export const actingParts = (line: string): string[] =>
  commandsOf(line).flatMap(({ before, text, looks }) => (looks ? [] : [before + text]));

/**
 * Every command of a line and of what is encoded in it, also those that only look for something, with the names of the
 * programs it starts.
 */
export const plainCommands = (line: string): PlainCommand[] =>
  [line, ...decodedIn(line)].flatMap(commandsOf).map(({ before, text, programs }) => ({
    before,
    text: withoutQuotes(text).toLowerCase(),
    programs,
  }));

/** A command of a line without quotes, in lower case. */
export type PlainCommand = Pick<Command, 'before' | 'text' | 'programs'>;

/** The programs that a command line starts, without their folders, in lower case. */
export const programsOf = (line: string): string[] =>
  commandsOf(line).flatMap(({ programs, looks }) => (looks ? [] : programs));

/**
 * A command of a line. `programs`: the names of the programs it starts. `looks`: it only looks for something.
 * `runsInput`: it runs what it reads from standard input.
 */
type Command = ShellCommand & { programs: readonly string[]; looks: boolean; runsInput: boolean };

/** The commands of a line. A shell that is given a script is replaced by the commands of that script. */
const commandsOf = toldOfText((line): readonly Command[] => {
  const whole = expanded(line.slice(0, MAX_TEXT));
  // A line that starts no shell is a list of words that were joined without their quotes.
  const inShell = scriptIn(whole) !== undefined;
  const commands: Command[] = flat(whole, inShell, 0).map(({ before, text }) => {
    const { words, files } = wordsOf(text);
    const started = startedBy(words, text);
    const programs = started.map(({ name }) => name);
    return { before, text, programs, looks: onlyLooks(started, files), runsInput: started.some(runsInput) };
  });
  return withoutFeeders(commands);
});

const runsInput = ({ name, args }: Started): boolean =>
  INTERPRETERS.has(name) && args.every((arg) => arg.startsWith('-'));

/** These programs only search for their arguments, whoever gets what they find. */
const SEARCH = /^(?:[efpz]?grep|rg|ps|find|xargs)$/;

/** A command that writes text of its own into a shell, as sed and awk may, does more than look. */
const withoutFeeders = (commands: Command[]): Command[] => {
  let fed = false;
  return commands
    .toReversed()
    .map((command) => {
      const feeds = fed;
      fed = /^\|&?$/.test(command.before) && (feeds || command.runsInput);
      return feeds && command.looks && !command.programs.every((one) => SEARCH.test(one))
        ? { ...command, looks: false }
        : command;
    })
    .toReversed();
};

/** Programs that run their standard input where they are given no file. */
const INTERPRETERS: ReadonlySet<string> = new Set([
  ...['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'python', 'python3', 'perl', 'php', 'ruby', 'node'],
]);

const flat = (line: string, inShell: boolean, depth: number): ShellCommand[] =>
  shellCommands(line, inShell).flatMap((command) => {
    const script = depth < MAX_DEPTH ? scriptIn(command.text) : undefined;
    // A shell that runs another command's output stays in the list as it is.
    if (script === undefined || /^\s*[$<]\(\)/.test(script)) return [command];
    return flat(script, true, depth + 1).map((one, index) => (index === 0 ? { ...one, before: command.before } : one));
  });

/**
 * What stands before the scripts that a line gives to shells, as in `nsenter -t 1 -m sh -c ...`: the commands of a line
 * do not have it. Plain and in lower case.
 */
export const startersIn = toldOfText((line): string => {
  const whole = expanded(line.slice(0, MAX_TEXT));
  return beforeScripts(whole, scriptIn(whole) !== undefined, 0)
    .join('\n')
    .toLowerCase();
});

const beforeScripts = (line: string, inShell: boolean, depth: number): string[] =>
  shellCommands(line, inShell).flatMap(({ text }) => {
    const script = depth < MAX_DEPTH ? scriptIn(text) : undefined;
    if (script === undefined) return [];
    return [withoutQuotes(text.slice(0, text.length - script.length)), ...beforeScripts(script, true, depth + 1)];
  });

/** What may stand before the beginning of a command in a text, as a part of a regular expression. */
export const COMMAND_START = '(?:^|[\\s/;|&({])';

/** Words that may stand between a bar and the program that reads from it, as a part of a regular expression. */
export const BEHIND_BAR =
  '(?:(?:sudo|doas|env|nohup|nice|setsid|exec|command|busybox|toybox)(?:\\s{1,8}(?:-\\S{1,20}|[A-Za-z_]\\w{0,30}=\\S{0,60})){0,4}\\s{1,8}){0,3}(?:/\\S{0,60}/)?';

/** A text without the quotes and backslashes that a shell removes, so that `c"ur"l` reads `curl`. */
export const withoutQuotes = (text: string): string => text.replace(/["'`\\]/g, '');

/** What may be encoded in base64, also over several lines, or in hexadecimal. */
const ENCODED = /[A-Za-z0-9+/]{16,}(?:\r?\n[A-Za-z0-9+/]{4,})*={0,2}/g;
const HEXADECIMAL = /^(?:[0-9a-fA-F]{2})+$/;

/**
 * The decoded text of each run in base64 or hexadecimal that contains readable text, and what is encoded in that again.
 * The result is at most three times as long as the input, since decoding makes a text shorter by a quarter.
 */
const decodings = (text: string, times = MAX_ENCODED): string[] =>
  [...text.matchAll(ENCODED)].flatMap(([run]) => {
    const encoding = HEXADECIMAL.test(run) ? 'hex' : 'base64';
    // PowerShell takes UTF-16: two bytes a letter.
    const decoded = Buffer.from(run, encoding).toString('latin1').replaceAll('\0', '');
    if (!/[\u0020-\u007e]{8}/.test(decoded)) return [];
    const readable = decoded.replace(/[^\t\n\r\u0020-\u007e]+/g, ' ');
    return times > 1 ? [readable, ...decodings(readable, times - 1)] : [readable];
  });
