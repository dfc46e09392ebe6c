import { Command, CommanderError, Help } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { sentenceOf } from '../shared/errors.ts';
import { Usage } from './arguments.ts';
import { helpText } from './help-text.ts';
import { hintFor } from './hints.ts';
import type { ExitCode, Io } from './io.ts';

/** The export of a subcommand's module: adds the subcommand to the program. */
export type AddCommand = (program: Command, io: Io) => void;
export type Commands = Readonly<Record<string, () => Promise<AddCommand>>>;

/**
 * The subcommands, in the order of the help. Each is loaded only when it is used, so that `score` does not load what
 * only `local` needs.
 */
export const COMMANDS: Commands = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  local: async () => (await import('./commands/local.ts')).localCommand,
  incidents: async () => (await import('./commands/incidents.ts')).incidentsCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  'dead-letters': async () => (await import('./commands/dead-letters.ts')).deadLettersCommand,
  contain: async () => (await import('./commands/contain.ts')).containCommand,
  approve: async () => (await import('./commands/approve.ts')).approveCommand,
  reject: async () => (await import('./commands/reject.ts')).rejectCommand,
  release: async () => (await import('./commands/release.ts')).releaseCommand,
  close: async () => (await import('./commands/close.ts')).closeCommand,
  halt: async () => (await import('./commands/halt.ts')).haltCommand,
  resume: async () => (await import('./commands/resume.ts')).resumeCommand,
  score: async () => (await import('./commands/score.ts')).scoreCommand,
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand,
  policy: async () => (await import('./commands/policy.ts')).policyCommand,
  rules: async () => (await import('./commands/rules.ts')).rulesCommand,
  filter: async () => (await import('./commands/filter.ts')).filterCommand,
  rbac: async () => (await import('./commands/rbac.ts')).rbacCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  completion: async () => {
    const { completionCommand } = await import('./commands/completion.ts');
    return (program, io) => completionCommand(program, io, () => programOf(io));
  },
};

const INTRO = 'Automated, evidence-keeping response to security incidents on Google Kubernetes Engine.';
const EXAMPLES = `
Examples:
  firebreak demo                                        an attack seen, decided, contained and shown, on this machine
  firebreak incidents                                   what is known, newest first
  firebreak contain pod/cart-7d9f -n shop --cluster c1 --location europe-west1 --project p1 \\
      --tier isolate --reason "seen in triage"          contain by hand
  firebreak release INCIDENT --reason "false alarm"     take back what was done
  firebreak doctor --project p1                         whether a deployment is as it should be, and what to type if not

Exit codes: 0 done, 1 the input or the outcome had errors, 2 usage.`;

/** The command that a command line is for, as far as its words name one: `policy check` of `policy check -n x`. */
const commandIn = (program: Command, argv: readonly string[]): Command => {
  let found = program;
  for (const word of argv) {
    const below = found.commands.find((one) => one.name() === word);
    if (below === undefined) break;
    found = below;
  }
  return found;
};

const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

/** `option '-n, --namespace <name>' argument 'a b' is invalid. it is not ...` as one reads it. */
const valueSentence = (said: string, { commands }: Command): string =>
  said
    // A command that does something by itself takes the word that should name one below it for an argument.
    .replace(/^too many arguments for .* but got \d+: ([^,]*).*$/, (all: string, word: string) =>
      commands.length === 0 ? all : `command '${word}' is not one of ${commands.map((one) => one.name()).join(', ')}`,
    )
    .replace(/^option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. (?=\S)/, "$1 '$2': ")
    .replace(/^command-argument value '(.*)' is invalid for argument '(.*)'\. /, "$2 '$1': ")
    .replace(/: Allowed choices are /, ' is not one of ')
    .replace(/^required option '(.*)' not specified$/, '$1 is missing');

/** Turns commander's message about a wrong command line into one sentence that ends with what to do. */
const usageSentence = (said: string, command: Command): string => {
  const [first = '', ...rest] = said
    .trim()
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .split('\n');
  const similar = /^\(Did you mean (.*)\?\)$/.exec(rest.join(' '))?.[1];
  const has = (flag: string): boolean => command.options.some(({ long }) => long === flag);
  const early =
    command.parent === null && first.startsWith('unknown option') ? 'flags stand after the command' : undefined;
  const hint = hintFor(first, has) ?? (similar === undefined ? early : `did you mean ${similar}?`);
  return `firebreak: ${valueSentence(first, command)}${hint === undefined ? '' : ` (${hint})`}; see \`${pathOf(command)} --help\`.\n`;
};

const plainHelp = new Help();

const makeProgram = (io: Io, argv: readonly string[]): Command => {
  const program = new Command('firebreak');
  // Whatever reads a help elsewhere than on a terminal breaks its lines itself.
  const shown = (text: string): string => (io.isTTY ? helpText(text, io.columns) : text);
  program
    .description(INTRO)
    .version(packageJson.version, '-v, --version', 'show the version')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .helpCommand('help [command]', 'show what a command does')
    .configureHelp({
      minWidthToWrap: 20,
      // That a flag that may repeat is not given is nothing to tell: `(default: [])`.
      optionDescription: (option) =>
        Array.isArray(option.defaultValue) ? option.description : plainHelp.optionDescription(option),
    })
    .configureOutput({
      writeOut: (text) => io.stdout.write(shown(text)),
      writeErr: (text) => io.stderr.write(shown(text)),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      outputError: (text) => io.stderr.write(usageSentence(text, commandIn(program, argv))),
    });
  return program;
};

/** The program with all commands, for shell completion and for the generated references. */
export const programOf = async (io: Io): Promise<Command> => {
  const program = makeProgram(io, []);
  for (const add of await Promise.all(Object.values(COMMANDS).map((one) => one()))) add(program, io);
  return program;
};

/**
 * Runs one command line (without `node` and the script) and returns the exit code. Never throws; every error is one
 * sentence on stderr. Loads only the named command, or all of them if none is named, for help and for suggesting a
 * name.
 */
export const main = async (argv: readonly string[], io: Io, commands: Commands = COMMANDS): Promise<ExitCode> => {
  const word = argv.find((one) => !one.startsWith('-'));
  const named = word !== undefined && Object.hasOwn(commands, word) ? word : undefined;
  const program = makeProgram(io, argv);
  try {
    const load = named === undefined ? undefined : commands[named];
    const loads = load === undefined ? Object.values(commands) : [load];
    for (const add of await Promise.all(loads.map((one) => one()))) add(program, io);
    const [first, second] = argv;
    // Commander's own looks at one word alone, and shows the whole help if that names no command.
    if (first === 'help' && second !== undefined && !Object.hasOwn(commands, second))
      await program.parseAsync([second], { from: 'user' });
    else if (first === 'help' && argv.length > 1)
      await program.parseAsync([...argv.slice(1), '--help'], { from: 'user' });
    else if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) {
      io.stderr.write(`firebreak: ${sentenceOf(thrown)}\n`);
      io.setExit(thrown instanceof Usage ? 2 : 1);
    } else if (thrown.exitCode !== 0) {
      io.setExit(2);
    }
  }
  return io.exitCode();
};
