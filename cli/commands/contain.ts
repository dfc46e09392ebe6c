import { type Command, Option } from 'commander';
import { given } from '../../shared/given.ts';
import { TIERS, type Tier } from '../../shared/model/ids.ts';
import { Usage } from '../arguments.ts';
import { type Connect, connect } from '../connect.ts';
import { assertIncident, pasted } from '../incident-argument.ts';
import type { Io } from '../io.ts';
import { runRequest } from '../run-request.ts';
import { type RequestOptions, withRequestOptions } from '../send.ts';
import { targetOf } from '../target-argument.ts';

type Options = RequestOptions & {
  tier: Tier;
  namespace?: string;
  cluster?: string;
  location?: string;
  uid?: string;
  stopFirst?: boolean;
  investigate?: boolean;
  forensics?: boolean;
  sandbox?: boolean;
  drain?: boolean;
};

const HELP = `
TARGET is pod/NAME, deployment/NAME (or another controller, as kubectl names them), node/NAME or instance/ID;
an INCIDENT's id asks for a tier on what that incident holds.

Examples:
  firebreak contain pod/cart-7d9f -n shop --cluster c1 --location europe-west1 --project p1 \\
      --tier isolate --reason "seen in triage"
  firebreak contain INCIDENT --tier redeploy --reason "evidence is complete" --wait`;

/**
 * `firebreak contain`: requests a tier on a target. The request counts as approved; protection, budgets and a halt
 * still apply.
 */
export const containCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  withRequestOptions(
    program
      .command('contain')
      .description('contain a target by hand')
      .argument('<target>', 'KIND/NAME or an incident id'),
  )
    .addOption(new Option('--tier <tier>', 'how far to go, required').choices(TIERS).makeOptionMandatory())
    .option('-n, --namespace <name>', 'namespace of a pod or a controller')
    .option('--cluster <name>', 'cluster of the target')
    .option('--location <region or zone>', "the cluster's location")
    .option('--uid <uid>', 'act only where the target has this UID')
    .option('--stop-first', 'take no snapshots and keep no evidence: the attacker is destroying things')
    .option('--investigate', 'open an access for investigators where the node is cut')
    .option('--forensics', 'attach the forensics container')
    .option('--sandbox', 'run the workload in a sandbox from now on')
    .option('--drain', 'drain a node although no pod is named')
    .addHelpText('after', HELP)
    .action((word: string, options: Options) =>
      runRequest(io, connectTo, options, async ({ project, stores }) => {
        const argument = pasted(word);
        const { tier, namespace, cluster, location, uid } = options;
        const place = given({ namespace, cluster, location, uid });
        const target = targetOf(argument, { project, ...place });
        if (target === undefined) {
          await assertIncident(stores, argument, `, or name a target by its kind, such as pod/${argument}`);
          assertWhole(argument, Object.keys(place));
        }
        const { stopFirst, investigate, forensics, sandbox, drain } = options;
        return {
          action: 'contain',
          tier,
          ...(target === undefined ? { incident: argument } : { target }),
          ...given({ stopFirst, investigate, forensics, sandbox, drain }),
        };
      }),
    );
};

/** An incident is contained as a whole. Whoever adds a UID or a namespace means less. */
const assertWhole = (incident: string, flags: readonly string[]): void => {
  if (flags.length === 0) return;
  const named = flags.map((flag) => `--${flag}`).join(', ');
  throw new Usage(`${incident} stands for all that it holds: leave out ${named}, or name a target by its kind.`);
};
