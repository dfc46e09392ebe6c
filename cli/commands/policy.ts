import type { Command } from 'commander';
import { type At, matrixInForce } from '../../shared/decision/matrix-in-force.ts';
import { isClusterName, isLabelName, isProjectId } from '../../shared/kubernetes/names.ts';
import type { Decision } from '../../shared/model/decision.ts';
import { named } from '../arguments.ts';
import type { Io } from '../io.ts';
import { policyFile } from '../policy-file.ts';
import { policyText } from '../policy-text.ts';
import { RULES_OPTION, rulesFile } from '../rules-file.ts';
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
    .option(...RULES_OPTION)
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, { project, cluster, namespace, rules, json }: Options) => {
      const read = await policyFile(io, file);
      const { detector } = await rulesFile(io, rules);
      const unknown = unknownRules(read.policy, detector.rules);
      const at: At = { project, namespace, ...(cluster === undefined ? {} : { cluster }) };
      const matrix = matrixInForce(read, at, io.now());
      if (json !== true) {
        io.stdout.write(`${policyText(io, { read, at, matrix, unknown })}\n`);
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
