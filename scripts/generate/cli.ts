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
  ['FIREBREAK_POLICY', 'the policy file, if the command line names none'],
  ['FIREBREAK_RULES', 'the file of rules, if the command line names none'],
  ['FIREBREAK_AS', 'who asks, as a claim, if `--as` is not given'],
  [
    'FIREBREAK_ID_TOKEN',
    "the token that proves who asks; without it, requests to a project carry a service account's own token, or the token of the person who is signed in to gcloud",
  ],
  [
    'FIREBREAK_OPERATOR_AUDIENCE',
    "the audience of that token for a service account's credentials, as it is deployed: the first one counts that is not Identity-Aware Proxy's; a person's token has gcloud's own audience",
  ],
  ['FIREBREAK_STORE', 'with `--project`: `firestore:DATABASE`, if the incidents are not in `firestore:incidents`'],
  ['FIREBREAK_EVIDENCE', 'with `--project`: `gs://BUCKET`, where a report finds exhibits'],
  ['GOOGLE_APPLICATION_CREDENTIALS', 'with `--project`: the credentials, as Google Cloud libraries define it'],
  [
    'HTTPS_PROXY, NO_PROXY',
    'with `--project`: the proxy for calls to Google Cloud, such as `http://proxy.example.com:3128`, and the hosts that are reached without it, separated by commas; in small letters too',
  ],
  ['NO_COLOR, FORCE_COLOR', 'no colours, or colours, whatever the output is'],
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
    'Run it with `npx firebreak` in a checkout, or as `firebreak` from the one file that `npm run build` makes. Results go to',
    'standard output, everything else to standard error. Exit codes: 0 done, 1 an error in the input or in the outcome, 2 wrong',
    'usage.',
    '',
    'Without `--project` a command works on the stack that `firebreak local` runs in the current folder or in one above it. With',
    '`--project` it works on that project, with your own permissions there, by application default credentials.',
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
