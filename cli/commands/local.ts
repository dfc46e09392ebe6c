import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { BusKind } from '../../local/bus.ts';
import type { Stack } from '../../local/stack.ts';
import { firstSet } from '../arguments.ts';
import { watchInterrupts } from '../interrupts.ts';
import type { Io } from '../io.ts';
import type { StartStack } from '../play.ts';
import { policyFile } from '../policy-file.ts';
import { RULES_OPTION, rulesFile } from '../rules-file.ts';

type Options = { pubsub: BusKind; policy?: string; rules?: string };

const EXAMPLES = `
Examples:
  firebreak local                        all functions and a simulated cloud, until Ctrl-C
  firebreak local --pubsub emulator      the same over the Pub/Sub emulator of the Google Cloud SDK
  firebreak local --policy mine.yaml     decide by another policy
  firebreak local --rules mine.yaml      with lists, rules and allowances of your own`;

const start: StartStack<Stack> = async (options) => (await import('../../local/stack.ts')).startStack(options);

const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve());
    if (signal.aborted) resolve();
  });

/** `firebreak local`: runs all of Firebreak on this machine, in the folder `.firebreak`, until it is interrupted. */
export const localCommand = (
  program: Command,
  io: Io,
  startStack: StartStack<Stack> = start,
  untilInterrupted: (signal: AbortSignal) => Promise<void> = interrupted,
): void => {
  program
    .command('local')
    .description('run everything on this machine until Ctrl-C')
    .addOption(new Option('--pubsub <bus>', 'which bus').choices(['embedded', 'emulator']).default('embedded'))
    .option('--policy <file>', 'policy to decide by (default: that of FIREBREAK_POLICY, else the one that is shipped)')
    .option(...RULES_OPTION)
    .addHelpText('after', EXAMPLES)
    .action(async ({ pubsub, ...given }: Options) => {
      // Report an invalid file before anything is started, and before the files of the last run are set aside.
      await Promise.all([policyFile(io, given.policy), rulesFile(io, given.rules)]);
      const policy = firstSet(given.policy, io.env.FIREBREAK_POLICY);
      const rules = firstSet(given.rules, io.env.FIREBREAK_RULES);
      const dir = join(io.cwd, '.firebreak');
      io.stderr.write('Starting bus, functions and simulated cloud ...\n');
      using interrupts = watchInterrupts();
      const { signal } = interrupts;
      const stack = await startStack({
        dir,
        pubsub,
        signal,
        ...(policy === undefined ? {} : { policy: resolve(io.cwd, policy) }),
        ...(rules === undefined ? {} : { rules: resolve(io.cwd, rules) }),
      });
      try {
        io.stdout.write(greeting(stack, io));
        await untilInterrupted(signal);
        io.stderr.write('\nStopping ...\n');
      } finally {
        await stack.stop();
      }
    });
};

/** The addresses of all parts, and commands to try that can be copied as they are. */
const greeting = (stack: Stack, io: Io): string => {
  const { project, addresses, dir } = stack;
  const cluster = [...stack.world.clusters.values()][0];
  const pod = cluster?.list('v1', 'Pod').find(({ metadata }) => metadata.namespace === 'shop')?.metadata;
  const { console: pages, ...functions } = addresses.functions;
  const rows: Array<[string, string]> = [
    ...(pages === undefined ? [] : [['console', `${pages} (open it in a browser)`] satisfies [string, string]]),
    ['bus', `${addresses.bus} (REST API of Pub/Sub, project ${project})`],
    ...Object.entries(functions),
    ['cluster', cluster === undefined ? 'none' : `${Object.values(cluster.ref).join('/')}, simulated`],
    ['logs', `${relative(io.cwd, join(dir, 'logs')) || '.'}/*.log`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return [
    'Firebreak runs.',
    ...lines,
    ...(cluster === undefined || pod === undefined ? [] : howTo(stack, cluster.ref, `pod/${pod.name}`, pod.name)),
    '',
    'Ctrl-C stops all of it.',
    '',
  ].join('\n');
};

const howTo = (
  { project, addresses }: Stack,
  ref: { location: string; cluster: string },
  argument: string,
  pod: string,
): string[] => {
  const place = `--project ${project} --location ${ref.location} --cluster ${ref.cluster} -n shop`;
  const body = {
    action: 'contain',
    tier: 'quarantine',
    target: { project, ...ref, namespace: 'shop', pod },
    reason: 'seen in triage',
    requestedBy: 'ana@example.com',
  };
  return [
    '',
    'Contain a pod by hand, and look:',
    `  npx firebreak contain ${argument} ${place} --tier quarantine --reason "seen in triage" --as ana@example.com`,
    '  npx firebreak incidents',
    '',
    'The same with nothing but Pub/Sub:',
    `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB=${addresses.bus}/ CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true`,
    `  gcloud pubsub topics publish firebreak-requests --project ${project} --message '${JSON.stringify(body)}'`,
  ];
};
