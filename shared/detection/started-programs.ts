import { shellCommands } from './shell-commands.ts';
import { type Word, wordsOf } from './shell-words.ts';
import { LONG_TAKES, type Starter, starterOf } from './starters.ts';

/** A program that a command starts: its path as written, its name without folders in lower case, and its arguments. */
export type Started = { path: string; name: string; args: string[] };

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash']);
/** Programs that pass the word after -c to a shell. */
const TELL_SHELLS: ReadonlySet<string> = new Set(['su', 'runuser', 'script', 'flock']);
const KEYWORD = /^(?:do|done|then|fi|esac|else|elif|if|while|until|time|coproc|!|\{|\}|[\w-]{1,60}\(\)\{?)$/;
const ASSIGNMENT = /^[A-Za-z_]\w{0,60}\+?=/;
const FIND_RUNS = /^-(?:exec|ok)(?:dir)?$/;
const MAX_DEPTH = 4;
/** How many words after a shell are searched for its options. */
const MAX_OPTIONS = 24;

/** The script that a command gives to a shell (`sh -c ...`), as written; undefined where it runs none. */
export const scriptIn = (text: string): string | undefined => {
  const { words } = wordsOf(text);
  const found = programIn(words);
  return found?.script === true ? scriptAt(words, text, found.at) : undefined;
};

const scriptAt = (words: readonly Word[], text: string, at: number): string => {
  const word = words[at];
  return word === undefined ? '' : `${word.value}${text.slice(word.end)}`;
};

/**
 * The programs that a command of these words starts in the end: followed through programs that start other programs,
 * and through the script given to a shell.
 */
export const startedBy = (words: readonly Word[], text: string, depth = 0): Started[] => {
  const found = programIn(words);
  if (found === undefined) return [];
  if (found.script && depth < MAX_DEPTH) {
    return shellCommands(scriptAt(words, text, found.at), true).flatMap((command) =>
      startedBy(wordsOf(command.text).words, command.text, depth + 1),
    );
  }
  const [path = '', ...args] = words.slice(found.at).map(({ value }) => value);
  const name = nameOf(path);
  const started = [{ path, name, args }];
  return name === 'find' && depth < MAX_DEPTH
    ? [...started, ...runByFind(words.slice(found.at), text, depth + 1)]
    : started;
};

const runByFind = (words: readonly Word[], text: string, depth: number): Started[] => {
  const starts = words.flatMap(({ value }, index) => (FIND_RUNS.test(value) ? [index + 1] : []));
  return starts.flatMap((start, index) => {
    const own = words.slice(start, starts[index + 1]);
    return startedBy(own, text.slice(0, own.at(-1)?.end), depth);
  });
};

/** The name of a program without its folders. */
const nameOf = (path: string): string => {
  const [first = ''] = path.trim().split(/\s/, 1);
  return first.slice(first.lastIndexOf('/') + 1).toLowerCase();
};

/**
 * The position of the program, or of the script that a shell runs. A starter that starts nothing is itself the program.
 */
const programIn = (words: readonly Word[]): { at: number; script: boolean } | undefined => {
  let starter: number | undefined;
  let at = 0;
  for (let word = words[0]?.value; word !== undefined; word = words[at]?.value) {
    const next = behindOther(words, at, word);
    if (next === undefined) break;
    if (next > at) {
      at = next;
      continue;
    }
    const script = scriptBehind(words, at, starter !== undefined);
    if (script !== undefined) return { at: script, script: true };
    const known = starterAt(words, at);
    if (known === undefined) return { at, script: false };
    starter = at;
    at = behind(words, at, known);
  }
  return starter === undefined ? undefined : { at: starter, script: false };
};

/**
 * Where to continue when the word at `at` is neither a program nor starts one. Returns `at` for any other word. For an
 * option it returns the position after the first `-exec` of a find, or undefined where none follows.
 */
const behindOther = (words: readonly Word[], at: number, word: string): number | undefined => {
  if (KEYWORD.test(word) || ASSIGNMENT.test(word)) return at + 1;
  if (!word.startsWith('-')) return at;
  // No command begins with an option. This may be what follows the `;` of a find that has lost its escape.
  const next = words.findIndex(({ value }) => FIND_RUNS.test(value));
  return next < at ? undefined : next + 1;
};

/**
 * How the word at this position starts a program; undefined where it starts none. `command -v` only describes a
 * program.
 */
const starterAt = (words: readonly Word[], at: number): Starter | undefined => {
  const name = nameOf(words[at]?.value ?? '');
  if (name === 'command' && /^-[vV]/.test(words[at + 1]?.value ?? '')) return undefined;
  return SHELLS.has(name) ? { takes: 'oO' } : starterOf(name);
};

/** The position of the script that the word at `at` gives to a shell; undefined where there is none. */
const scriptBehind = (words: readonly Word[], at: number, started: boolean): number | undefined => {
  const word = words[at]?.value ?? '';
  // No program has spaces in its name: `watch` and `env -S` are given a whole command line as one word.
  if (started && /\s/.test(word.trim())) return at;
  const name = nameOf(word);
  if (name === 'eval') return at + 1;
  if (SHELLS.has(name)) return scriptOf(words, at);
  return TELL_SHELLS.has(name) ? behindC(words, at) : undefined;
};

/** The position of a shell's script: the first word after its options, if one of them is -c. */
const scriptOf = (words: readonly Word[], at: number): number | undefined => {
  let told = false;
  for (let i = at + 1; i < words.length && i < at + MAX_OPTIONS; i += 1) {
    const word = words[i]?.value ?? '';
    if (!/^[-+]./.test(word)) return told ? i : undefined;
    if (/^-[a-zA-Z]{0,12}c/.test(word)) told = true;
    if (/^[-+][a-zA-Z]{0,12}[oO]$|^--(?:rcfile|init-file)$/.test(word)) i += 1;
  }
  return undefined;
};

const behindC = (words: readonly Word[], from: number): number | undefined => {
  for (let at = from + 1; at < words.length && at < from + MAX_OPTIONS; at += 1) {
    if (/^-[a-z]{0,4}c$|^--command$/.test(words[at]?.value ?? '')) return at + 1;
  }
  return undefined;
};

/** The position of the program that another one starts: after its options, their values, and its operands. */
const behind = (words: readonly Word[], from: number, { takes = '', operands = 0 }: Starter): number => {
  let at = from + 1;
  for (; at < words.length; at += 1) {
    const word = words[at]?.value ?? '';
    if (word === '--') return at + 1 + operands;
    if (!/^-./.test(word)) break;
    if (LONG_TAKES.test(word) || takesNext(word, takes)) at += 1;
  }
  return at + operands;
};

/** Whether the last letter of a group of options takes the next word as its value. */
const takesNext = (word: string, takes: string): boolean => {
  const letter = [...word.slice(1)].findIndex((one) => takes.includes(one));
  return letter >= 0 && letter === word.length - 2 && !word.startsWith('--');
};
