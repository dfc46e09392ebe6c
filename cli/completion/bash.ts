import { type Flag, type Node, nodesOf } from './tree.ts';

const WORD = /^[A-Za-z0-9_./:@=+-]+$/;

/** The words that are safe in a shell without quotes; all names and choices of Firebreak's commands are. */
const words = (all: readonly string[]): string => all.filter((one) => WORD.test(one)).join(' ');

const offered = (node: Node): string =>
  words([
    ...node.children.flatMap(({ path }) => path.at(-1) ?? []),
    ...node.words,
    ...node.flags.flatMap(({ names }) => names),
  ]);

const patterns = (node: Node, flags: readonly Flag[]): string =>
  flags.flatMap(({ names }) => names.map((name) => `'${node.path.join(' ')}|${name}'`)).join(' | ');

/** The case branches for the values of flags: choices, files, or no completion for free values. */
const valueCases = (node: Node): string[] => {
  const taking = node.flags.filter(({ takes }) => takes !== 'nothing');
  const files = taking.filter(({ takes }) => takes === 'file');
  const chosen = taking.filter(({ takes, choices }) => takes === 'value' && choices.length > 0);
  const open = taking.filter(({ takes, choices }) => takes === 'value' && choices.length === 0);
  return [
    ...(files.length === 0 ? [] : [`    ${patterns(node, files)}) COMPREPLY=($(compgen -f -- "$cur")); return ;;`]),
    ...chosen.map(
      (flag) =>
        `    ${patterns(node, [flag])}) COMPREPLY=($(compgen -W '${words(flag.choices)}' -- "$cur")); return ;;`,
    ),
    ...(open.length === 0 ? [] : [`    ${patterns(node, open)}) return ;;`]),
  ];
};

/** The completion script for bash. It needs no bash-completion and does not start the command. */
export const bashCompletion = (root: Node): string => {
  const nodes = nodesOf(root);
  const steps = nodes.flatMap((node) =>
    node.children.map(({ path }) => `      '${node.path.join(' ')}|${path.at(-1)}') path='${path.join(' ')}' ;;`),
  );
  const values = nodes.flatMap(valueCases);
  const ends = nodes.map((node) => {
    const files = node.takesFile ? ' [[ $cur == -* ]] || COMPREPLY+=($(compgen -f -- "$cur"));' : '';
    return `    '${node.path.join(' ')}') COMPREPLY=($(compgen -W '${offered(node)}' -- "$cur"));${files} ;;`;
  });
  return [
    '# bash completion of firebreak. Load it with: source <(firebreak completion bash)',
    '_firebreak() {',
    `  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path='' i`,
    "  local IFS=$' \\t\\n'",
    '  COMPREPLY=()',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    `    case "$path|\${COMP_WORDS[i]}" in`,
    ...steps,
    '    esac',
    '  done',
    '  case "$path|$prev" in',
    ...values,
    '  esac',
    '  case "$path" in',
    ...ends,
    '  esac',
    '}',
    'complete -o filenames -F _firebreak firebreak',
    '',
  ].join('\n');
};
