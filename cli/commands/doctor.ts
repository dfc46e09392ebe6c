import type { Command } from 'commander';
import { hashOf } from '../../shared/decision/hash.ts';
import { listsAddresses } from '../../shared/detection/rules-file.ts';
import { sinkFilter } from '../../shared/detection/sink-filter.ts';
import { type Examined, examine } from '../../shared/doctor/examine.ts';
import type { Expected, ExpectedPolicy, ExpectedRules } from '../../shared/doctor/readers.ts';
import { CHECKS } from '../../shared/doctor/registry.ts';
import { once } from '../../shared/once.ts';
import { doctorSummary, examinedText } from '../../shared/views/doctor-text.ts';
import type { Io } from '../io.ts';
import type { LocalFile } from '../local-file.ts';
import { type OpenDoctor, openDoctor } from '../open-doctor.ts';
import { paletteOf } from '../palette.ts';
import { policyFile } from '../policy-file.ts';
import { makeProgress } from '../progress.ts';
import { type AccessFlags, accessOf, withAccessOptions } from '../rbac-flags.ts';
import { rulesFile } from '../rules-file.ts';

type Options = AccessFlags & { project?: string; policy?: string; rules?: string; all?: boolean; json?: boolean };

const EXAMPLES = `
Examples:
  firebreak doctor                                     the stack on this machine
  firebreak doctor --project p1                        the deployment of project p1, by your own rights
  firebreak doctor --project p1 --policy policy.yaml   and whether it decides by this policy
  firebreak doctor --project p1 --json | jq '.verdicts[] | select(.status != "ok")'

Nothing is changed. What is not as it should be comes with the next command to type. Exit 1 where anything fails.`;

/** `firebreak doctor`: checks that everything Firebreak needs exists and is in order. */
export const doctorCommand = (program: Command, io: Io, open: OpenDoctor = openDoctor): void => {
  withAccessOptions(
    program
      .command('doctor')
      .description('look whether everything that Firebreak needs is there and as it should be')
      .option('--project <id>', 'a deployed project (default: the stack on this machine)')
      .option('--policy <file>', 'the policy that should be in force (default: as for `firebreak policy check`)')
      .option('--rules <file>', 'the rules that should be in force (default: as for `firebreak rules`)')
      .option('--all', 'show what is as it should be, too'),
  )
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => run(io, open, options));
};

const expectedPolicy = async (io: Io, named: string | undefined): Promise<ExpectedPolicy> => {
  const { path, policy } = await policyFile(io, named);
  return {
    path,
    mode: policy.mode,
    hashes: { act: hashOf({ ...policy, mode: 'act' }), 'dry-run': hashOf({ ...policy, mode: 'dry-run' }) },
    namesOperators: [...policy.operators.emails, ...policy.operators.domains].length > 0,
  };
};

const expectedRules = async (io: Io, named: string | undefined): Promise<ExpectedRules> => {
  const { path, hash, detector, file } = await rulesFile(io, named);
  return {
    path,
    hash,
    exec: detector.rules.some(({ family, confidence }) => family === 'exec' && confidence > 0),
    filter: sinkFilter(detector.rules, { lists: listsAddresses(file) }),
  };
};

const expected = (io: Io, options: Options, local: LocalFile | undefined): Expected => ({
  policy: once(() => expectedPolicy(io, options.policy ?? local?.policy)),
  rules: once(() => expectedRules(io, options.rules ?? local?.rules)),
  ...accessOf(options),
});

const run = async (io: Io, open: OpenDoctor, options: Options): Promise<void> => {
  const ports = await open(io, options.project, (local) => expected(io, options, local));
  const progress = makeProgress(io, true);
  const examined: Examined[] = [];
  try {
    for await (const one of examine(CHECKS, ports, (check) => progress.doing(`looking at ${check}`))) {
      examined.push(one);
      progress.end();
      if (options.json === true) continue;
      const view = { palette: paletteOf(io), columns: io.columns, all: options.all === true };
      io.stdout.write(`${examinedText(one, view)}\n`);
    }
  } finally {
    progress.end();
    await ports.close();
  }
  const verdicts = examined.flatMap(({ check, verdicts: each }) => each.map((one) => ({ check, ...one })));
  if (verdicts.some(({ status }) => status === 'fail')) io.setExit(1);
  if (options.json === true) {
    const about = 'project' in ports ? { project: ports.project.id } : { local: ports.local.project };
    io.stdout.write(`${JSON.stringify({ ...about, verdicts })}\n`);
    return;
  }
  io.stdout.write(`\n${doctorSummary(examined)}\n`);
};
