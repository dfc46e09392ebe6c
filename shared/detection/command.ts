import { toldOfText } from '../told-of-text.ts';
import { onlyLooks } from './looks.ts';
import { type ShellCommand, shellCommands } from './shell-commands.ts';
import { wordsOf } from './shell-words.ts';
import { type Started, scriptIn, startedBy } from './started-programs.ts';

/** Longest text that is looked at: more than a label or a split entry can hold. */
const MAX_TEXT = 64 * 1024;
/** Shells that are told to start a shell. */
const MAX_DEPTH = 4;

/**
 * A command line as its shell would take it apart, joined again: the words alone, without parts that only look for
 * something (`ps aux | grep xmrig`), once more without quotes and escapes, and what is written in base64 decoded.
 * Lower case. Takes time linear in the text.
 */
export const actingText = toldOfText((line): string => {
  const acting = actingParts(line).join('');
  const plain = withoutQuotes(acting);
  return [acting, plain, ...decodings(plain)].join('\n').toLowerCase();
});

/** The commands of a line that do more than look for something, as written, each with the separator before it. */
export const actingParts = (line: string): string[] =>
  commandsOf(line).flatMap(({ before, text, looks }) => (looks ? [] : [before + text]));

/** Every command of a line, also those that only look for something, and the names of the programs that it starts. */
export const plainCommands = (line: string): Array<Pick<Command, 'text' | 'programs'>> =>
  commandsOf(line).map(({ text, programs }) => ({ text: withoutQuotes(text).toLowerCase(), programs }));

/** The programs that a command line starts, without their folders, in lower case. */
export const programsOf = (line: string): string[] =>
  commandsOf(line).flatMap(({ programs, looks }) => (looks ? [] : programs));

/**
 * A command of a line, the names of the programs that it starts, whether it only looks for something, and whether it runs
 * what it reads.
 */
type Command = ShellCommand & { programs: readonly string[]; looks: boolean; runsInput: boolean };

/** The commands of a line, those of a script that a shell is told in the place of that shell. */
const commandsOf = toldOfText((line): readonly Command[] => {
  const whole = line
    .slice(0, MAX_TEXT)
    .replace(/(?<=[\w./-])\\\n/g, '')
    // What the shell makes spaces of.
    .replace(/(?:\$IFS\b|\$\{IFS[^}\s]{0,20}\})(?:\$[\d@*])?/g, ' ');
  // What is not begun by a shell is a list of words that have been joined, without quotes.
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

/** What is told to these is only searched for, whoever gets what they find. */
const SEARCH = /^(?:[efpz]?grep|rg|ps|find|xargs)$/;

/** What writes its own words to a shell, as sed and awk may, does more than look. */
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

/** Programs that run what they read where they are told no file of their own. */
const INTERPRETERS: ReadonlySet<string> = new Set([
  ...['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'python', 'python3', 'perl', 'php', 'ruby', 'node'],
]);

const flat = (line: string, inShell: boolean, depth: number): ShellCommand[] =>
  shellCommands(line, inShell).flatMap((command) => {
    const script = depth < MAX_DEPTH ? scriptIn(command.text) : undefined;
    // Who runs what another command says is shown as such.
    if (script === undefined || /^\s*[$<]\(\)/.test(script)) return [command];
    return flat(script, true, depth + 1).map((one, index) => (index === 0 ? { ...one, before: command.before } : one));
  });

export const withoutQuotes = (text: string): string => text.replace(/["'`\\]/g, '');

/** What is written in base64 and has text in it, whatever else it has. As long as what is written, at most. */
const decodings = (text: string): string[] =>
  [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].flatMap(([run]) => {
    // Two bytes a letter are what PowerShell takes.
    const decoded = Buffer.from(run, 'base64').toString('latin1').replaceAll('\0', '');
    return /[\u0020-\u007e]{8}/.test(decoded) ? [decoded.replace(/[^\t\n\r\u0020-\u007e]+/g, ' ')] : [];
  });
