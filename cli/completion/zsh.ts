import type { Flag, Node } from './tree.ts';

/** The text in single quotes for the shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A description for use in brackets: brackets, colons and backslashes are escaped. */
const described = (text: string): string => text.replace(/[[\]\\:]/g, '\\$&');

const valueSpec = ({ takes, choices }: Flag): string => {
  if (takes === 'nothing') return '';
  if (takes === 'file') return ':file:_files';
  return choices.length === 0 ? ':value: ' : `:value:(${choices.join(' ')})`;
};

const flagSpecs = (flag: Flag): string[] =>
  flag.names.map((name) => {
    const others = flag.repeats ? '*' : `(${flag.names.join(' ')})`;
    return quoted(`${others}${name}[${described(flag.description)}]${valueSpec(flag)}`);
  });

const functionOf = (node: Node): string => ['_firebreak', ...node.path].join('_').replaceAll('-', '_');

const leaf = (node: Node): string[] => {
  const argument = node.takesFile
    ? [quoted('*:file:_files')]
    : node.words.length > 0
      ? [quoted(`1:word:(${node.words.join(' ')})`)]
      : [quoted('*: : ')];
  const specs = [...node.flags.flatMap(flagSpecs), ...argument];
  return [
    `${functionOf(node)}() {`,
    `  _arguments -s \\`,
    ...specs.map((one, at) => `    ${one}${at < specs.length - 1 ? ' \\' : ''}`),
    '}',
  ];
};

const branch = (node: Node): string[] => {
  const flags = node.flags.flatMap(flagSpecs).map((one) => `    ${one} \\`);
  const names = node.children.map(({ path, description }) => {
    return `        ${quoted(`${path.at(-1)}:${description.replaceAll(':', '\\:')}`)}`;
  });
  return [
    `${functionOf(node)}() {`,
    '  local state line',
    '  local -a commands',
    '  _arguments -C \\',
    ...flags,
    "    '1: :->command' '*:: :->rest'",
    '  case $state in',
    '    command)',
    '      commands=(',
    ...names,
    '      )',
    "      _describe 'command' commands ;;",
    '    rest)',
    '      case $words[1] in',
    ...node.children.map((child) => `        ${child.path.at(-1)}) ${functionOf(child)} ;;`),
    '      esac ;;',
    '  esac',
    '}',
  ];
};

const functions = (node: Node): string[] => [
  ...node.children.flatMap(functions),
  ...(node.children.length === 0 ? leaf(node) : branch(node)),
];

/** The completion script for zsh, with zsh's own completion system. */
export const zshCompletion = (root: Node): string =>
  [
    '#compdef firebreak',
    '# zsh completion of firebreak. Load it with: source <(firebreak completion zsh)',
    ...functions(root),
    'if [ "$funcstack[1]" = "_firebreak" ]; then _firebreak "$@"; else compdef _firebreak firebreak; fi',
    '',
  ].join('\n');
