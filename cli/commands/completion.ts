import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type Node, treeOf } from '../completion/tree.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Io } from '../io.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  string,
  (root: Node) => string
>;

const EXAMPLES = `
Examples:
  source <(firebreak completion bash)                                   in this bash; for each, add it to ~/.bashrc
  source <(firebreak completion zsh)                                    the same for zsh and ~/.zshrc
  firebreak completion fish > ~/.config/fish/completions/firebreak.fish for every fish

It completes commands, flags, their values and files, for a command that is called firebreak: with npx, first
npm install --global, or an alias.`;

/** `firebreak completion SHELL`: prints the script with which a shell completes the command line. */
export const completionCommand = (program: Command, io: Io, whole: () => Promise<Command>): void => {
  program
    .command('completion')
    .description('what a shell needs to complete the command line')
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(SHELLS)))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: keyof typeof SHELLS) => {
      io.stdout.write(SHELLS[shell](treeOf(await whole())));
    });
};
