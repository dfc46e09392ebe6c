import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { makeIo } from '../../cli/io.ts';
import { programOf } from '../../cli/main.ts';
import { type Files, GENERATED_NOTE, markdownTable } from './files.ts';

/** Wide enough for the examples, narrow enough for a page. */
const COLUMNS = 110;

/** The `--help` text of a command, including its examples. */
const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => COLUMNS,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trim();
};

const section = (command: Command, path: readonly string[]): string[] => [
  `${'#'.repeat(path.length + 1)} ${path.join(' ')}`,
  '',
  '```text',
  helpOf(command),
  '```',
  '',
  ...command.commands.flatMap((child) => section(child, [...path, child.name()])),
];

const VARIABLES: ReadonlyArray<[name: string, meaning: string]> = [
  ['FIREBREAK_POLICY', 'the policy file, if none is named'],
  ['FIREBREAK_RULES', 'the rules file, if none is named'],
  ['FIREBREAK_AS', 'the claimed name of the requester, without `--as`'],
  [
    'FIREBREAK_ID_TOKEN',
    'the ID token that proves who the requester is; without it, for a project, the token of the service account or of the gcloud login',
  ],
  [
    'FIREBREAK_OPERATOR_AUDIENCE',
    'the audience of that token, for credentials of a service account: as deployed; of several, the first that is not that of Identity-Aware Proxy counts. The token of a person has the audience of gcloud',
  ],
  ['FIREBREAK_STORE', 'with `--project`: `firestore:DATABASE`, if the incidents are not in `firestore:incidents`'],
  ['FIREBREAK_EVIDENCE', 'with `--project`: `gs://BUCKET`, from which a report reads exhibits'],
  ['GOOGLE_APPLICATION_CREDENTIALS', 'with `--project`: the credentials, as for all Google Cloud libraries'],
  ['NO_COLOR, FORCE_COLOR', 'turns colours off or on, whatever the output is'],
];

/** `docs/cli.md`: the `--help` texts of all commands. */
export const cliFiles = async (): Promise<Files> => {
  const silent = new PassThrough();
  const program = await programOf(
    makeIo({ stdin: silent, stdout: silent, stderr: silent, env: {}, cwd: '/', columns: COLUMNS }),
  );
  const text = [
    GENERATED_NOTE,
    '',
    '# Command line',
    '',
    'Run it by `npx firebreak` in a checkout, or as `firebreak` from the one file that `npm run build` makes. Results go to',
    'standard output, everything else to standard error. Exit codes are 0 for done, 1 for an input or an outcome with errors, 2',
    'for usage. Without `--project` the commands are about the stack that `firebreak local` runs here, or above the folder they',
    'are called in; with it they use your own rights in that project, by application default credentials.',
    '',
    markdownTable(
      ['variable', 'meaning'],
      VARIABLES.map(([name, meaning]) => [
        name
          .split(', ')
          .map((one) => `\`${one}\``)
          .join(', '),
        meaning,
      ]),
    ),
    '',
    '```text',
    helpOf(program),
    '```',
    '',
    ...program.commands.filter((one) => one.name() !== 'help').flatMap((one) => section(one, [one.name()])),
  ];
  return new Map([['docs/cli.md', text.join('\n')]]);
};
