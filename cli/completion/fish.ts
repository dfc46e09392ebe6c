import { type Flag, type Node, nodesOf } from './tree.ts';

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** The fish condition under which a node's own words may stand: after the words of its path, and before any child's. */
const where = (node: Node): string => {
  if (node.path.length === 0) return '__fish_use_subcommand';
  const seen = node.path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
  const children = node.children.flatMap(({ path }) => path.at(-1) ?? []);
  return children.length === 0 ? seen : `${seen}; and not __fish_seen_subcommand_from ${children.join(' ')}`;
};

const flagLine = (condition: string, flag: Flag): string => {
  const names = flag.names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value =
    flag.takes === 'nothing'
      ? ''
      : flag.takes === 'file'
        ? ' -r -F'
        : flag.choices.length === 0
          ? ' -x'
          : ` -x -a ${quoted(flag.choices.join(' '))}`;
  return `complete -c firebreak -n ${quoted(condition)} ${names.join(' ')}${value} -d ${quoted(flag.description)}`;
};

const linesOf = (node: Node): string[] => {
  const condition = where(node);
  const words =
    node.words.length === 0 ? [] : [`complete -c firebreak -n ${quoted(condition)} -a ${quoted(node.words.join(' '))}`];
  const files = node.takesFile ? [`complete -c firebreak -n ${quoted(condition)} -F`] : [];
  return [
    ...node.children.map(
      ({ path, description }) =>
        `complete -c firebreak -n ${quoted(condition)} -a ${path.at(-1)} -d ${quoted(description)}`,
    ),
    ...words,
    ...files,
    ...node.flags.map((flag) => flagLine(condition, flag)),
  ];
};

/** The completion script for fish. */
export const fishCompletion = (root: Node): string =>
  [
    '# fish completion of firebreak. Load it with: firebreak completion fish | source',
    'complete -c firebreak -f',
    ...nodesOf(root).flatMap(linesOf),
    '',
  ].join('\n');
