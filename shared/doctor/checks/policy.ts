import { fail, ofBoth, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { ExpectedPolicy, Mode, Started } from '../readers.ts';

type Facts = { expected: ExpectedPolicy; started: Started[]; logsOf(name: string): string };

const READERS = ['decide', 'operate', 'contain'];
const MODES = ['act', 'dry-run'] as const satisfies readonly Mode[];

/** The mode in which a function has read the policy file; undefined where it has read a different file. */
const modeOf = (hash: string, { hashes }: ExpectedPolicy): Mode | undefined =>
  MODES.find((mode) => hashes[mode] === hash);

const judgeOne = (name: string, { expected, started, logsOf }: Facts): Verdict => {
  const { path, mode, hashes } = expected;
  const read = started.find((one) => one.function === name)?.policy;
  if (read === undefined) return warn(name, 'has not logged which policy it read', logsOf(name));
  const found = modeOf(read, expected);
  if (found !== undefined) return ok(name, `has read the policy ${read}, mode ${found}`);
  const next = `${command('firebreak', 'policy', 'check', path)} && ${APPLY}`;
  return fail(
    name,
    `has read the policy ${read}, but ${path} is ${hashes[mode]}: deploy that file, or give the one in force with --policy`,
    next,
  );
};

/** Checks that all functions have read the file in the same mode, which Terraform writes into the file. */
const judgeModes = ({ expected, started }: Facts): Verdict[] => {
  const { path } = expected;
  const modes = READERS.flatMap((name) => {
    const read = started.find((one) => one.function === name)?.policy;
    return read === undefined ? [] : (modeOf(read, expected) ?? []);
  });
  if (new Set(modes).size > 1) return [fail(path, 'was read in different modes by the functions', APPLY)];
  return modes[0] === 'dry-run'
    ? [
        warn(
          path,
          'is in force in mode dry-run: Firebreak decides and records everything, and changes nothing',
          'firebreak simulate FILE',
        ),
      ]
    : [];
};

/** Checks the policy that the functions have read. */
export const policy = ofBoth<Facts>({
  id: 'policy',
  does: 'decide, operate and contain have read the policy file, as its hash shows, all in the same mode.',
  role: 'roles/logging.viewer',
  read: async ({ expected, started, logsOf }) => ({
    expected: await expected.policy(),
    started: await started(),
    logsOf,
  }),
  judge: (facts) => [...READERS.map((name) => judgeOne(name, facts)), ...judgeModes(facts)],
});
