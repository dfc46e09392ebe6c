import type { Command } from 'commander';
import type { Rules } from '../../shared/decision/decide-tier.ts';
import { type At, COLUMNS, matrixInForce } from '../../shared/decision/matrix-in-force.ts';
import type { Condition } from '../../shared/decision/policy-parts.ts';
import { expiresAt, isExpired } from '../../shared/decision/suppressions.ts';
import { isClusterName, isLabelName, isProjectId } from '../../shared/kubernetes/names.ts';
import type { Decision } from '../../shared/model/decision.ts';
import { plain } from '../../shared/text.ts';
import { tableText } from '../../shared/views/table.ts';
import { named } from '../arguments.ts';
import type { Io } from '../io.ts';
import { paletteOf } from '../palette.ts';
import { policyFile } from '../policy-file.ts';
import { rulesFile } from '../rules-file.ts';
import { unknownRules } from '../unknown-rules.ts';

type Options = { project: string; cluster?: string; namespace: string; rules?: string; json?: boolean };

const EXAMPLES = `
Examples:
  firebreak policy check                                         the policy of this deployment, or the one that is shipped
  firebreak policy check policy.yaml --namespace kube-system     what holds for a pod of that namespace

Every error is told with its line, and the exit code is 1.`;

/** `firebreak policy check [P]`: validates a policy and prints the matrix that it puts in force. */
export const policyCommand = (program: Command, io: Io): void => {
  program
    .command('policy')
    .description('validate a policy, and see what it puts in force')
    .addHelpText('after', EXAMPLES)
    .command('check')
    .description('validate a policy and print the matrix in force')
    .argument('[policy]', 'a file (default: that of FIREBREAK_POLICY, else the one that is shipped)')
    .option('--project <id>', 'as in a pod of this project', named(isProjectId), 'p1')
    .option('--cluster <name>', 'as in a pod of this cluster', named(isClusterName))
    .option('-n, --namespace <name>', 'as in a pod of this namespace', named(isLabelName), 'default')
    .option('--rules <file>', 'the file of rules (default: that of FIREBREAK_RULES, else the one that is shipped)')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, { project, cluster, namespace, rules, json }: Options) => {
      const read = await policyFile(io, file);
      const { detector } = await rulesFile(io, rules);
      const unknown = unknownRules(
        read.policy,
        detector.rules.map(({ id }) => id),
      );
      const at: At = { project, namespace, ...(cluster === undefined ? {} : { cluster }) };
      const matrix = matrixInForce(read, at, io.now());
      if (json !== true) {
        io.stdout.write(`${text(io, read, at, matrix, unknown)}\n`);
        return;
      }
      const cells = ({ verdict, tier, asked }: Decision) => ({
        verdict,
        tier,
        ...(asked === undefined ? {} : { asks: asked.tier }),
      });
      const rows = matrix.map((row) => [row.severity, row.cells.map(cells)]);
      const { policy, policyHash: hash, path } = read;
      io.stdout.write(
        `${JSON.stringify({ path, hash, at, matrix: Object.fromEntries(rows), unknownRules: unknown, policy })}\n`,
      );
    });
};

const cellText = ({ tier, asked }: Decision): string =>
  asked === undefined ? tier : tier === 'observe' ? `asks for ${asked.tier}` : `${tier}, asks for ${asked.tier}`;

const partText = (key: string, value: unknown): string => {
  if (key === 'atLeast') return `the tier is at least ${String(value)}`;
  if (key === 'hostReach') return `the pod ${value === true ? 'has' : 'does not have'} the node within reach`;
  return `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
};

const whenText = (when: Condition): string =>
  plain(
    Object.entries(when)
      .map(([key, value]) => partText(key, value))
      .join(' and '),
    300,
  );

const text = (
  io: Io,
  { policy, policyHash, path }: Rules & { path: string },
  at: At,
  matrix: ReturnType<typeof matrixInForce>,
  unknown: readonly string[],
): string => {
  const { bold, dim, yellow } = paletteOf(io);
  const place = `${at.cluster === undefined ? '' : `cluster ${at.cluster}, `}namespace ${at.namespace}`;
  const heading = ['SEVERITY', ...COLUMNS.map((from) => (from === 0 ? 'BELOW 0.50' : `FROM ${from.toFixed(2)}`))];
  const rows = matrix.map(({ severity, cells }) => [severity, ...cells.map(cellText)]);
  const suppressions = policy.suppressions.map((one) => {
    const line = `suppression of ${one.owner}, ${one.limit} at most until ${expiresAt(one)}, where ${whenText(one.when)}: ${one.reason}`;
    return isExpired(one, io.now()) ? yellow(`expired: ${line}`) : line;
  });
  return [
    `${path} is valid: mode ${policy.mode}, hash ${policyHash}`,
    '',
    `What conclusive evidence on a pod of ${place} leads to, by its severity and confidence:`,
    tableText(heading.map(bold), rows),
    ...(policy.mode === 'dry-run'
      ? ['', 'Its mode is dry-run: every step is decided and recorded, and none is carried out.']
      : []),
    ...(unknown.length === 0 ? [] : ['']),
    ...unknown.map((pattern) =>
      yellow(`no rule is called ${plain(pattern, 63)}, so what names it never holds: see firebreak rules`),
    ),
    ...[
      '',
      ...policy.overrides.map(
        ({ when, raise, limit, because }) =>
          `${raise === undefined ? `at most ${limit}` : `at least ${raise}`} where ${whenText(when)}: ${because}`,
      ),
    ],
    ...suppressions,
    ...policy.stopFirst.map(({ when, because }) => `does not wait for evidence where ${whenText(when)}: ${because}`),
    ...policy.options.map(({ when, add, because }) => `adds ${add.join(' and ')} where ${whenText(when)}: ${because}`),
    ...policy.protected.map(({ namespace, workload, tier }) =>
      dim(
        `at most ${tier} in namespace ${namespace}${workload === undefined ? '' : `, workload ${workload}`}: protected`,
      ),
    ),
  ]
    .join('\n')
    .trimEnd();
};
