import type { Argument, Command, Option } from 'commander';

/** A flag as it is typed. */
export type Flag = {
  /** All its names: `-n` and `--namespace`. */
  names: string[];
  description: string;
  takes: 'nothing' | 'value' | 'file';
  /** The possible values, if they are known. */
  choices: string[];
  /** Whether it may be given more than once. */
  repeats: boolean;
};

/** A command with everything that can follow it. */
export type Node = {
  /** The words after `firebreak`: `[]`, `['policy', 'check']`. */
  path: string[];
  description: string;
  flags: Flag[];
  /** Whether a file's path may follow as an argument. */
  takesFile: boolean;
  /** The possible values of an argument. */
  words: string[];
  children: Node[];
};

const FILES = ['file', 'policy'];

const flagOf = (option: Option): Flag => {
  const value = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1];
  return {
    names: [option.short, option.long].flatMap((name) => (name === undefined || name === null ? [] : [name])),
    description: option.description,
    takes: value === undefined ? 'nothing' : FILES.includes(value) ? 'file' : 'value',
    choices: [...(option.argChoices ?? [])],
    repeats: Array.isArray(option.defaultValue),
  };
};

const isFile = (argument: Argument): boolean => FILES.includes(argument.name());

/**
 * The tree of a command and its subcommands, read from commander. A subcommand's flags are valid for its own
 * subcommands too.
 */
export const treeOf = (command: Command, path: readonly string[] = [], above: readonly Flag[] = []): Node => {
  const help: Flag = {
    names: ['-h', '--help'],
    description: 'show what it does',
    takes: 'nothing',
    choices: [],
    repeats: false,
  };
  const flags = [...command.options.map(flagOf), ...above];
  return {
    path: [...path],
    description: command.description(),
    flags: [...flags, help],
    takesFile: command.registeredArguments.some(isFile),
    words: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
    children: command.commands.map((child) => treeOf(child, [...path, child.name()], path.length === 0 ? [] : flags)),
  };
};

/** A tree's nodes, parents first. */
export const nodesOf = (node: Node): Node[] => [node, ...node.children.flatMap(nodesOf)];
