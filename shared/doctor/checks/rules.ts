import { fail, ofBoth, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { ExpectedRules, Started } from '../readers.ts';

type Facts = { expected: ExpectedRules; started: Started[]; logsOf(name: string): string };

const READERS = ['detect-audit-log', 'detect-cryptomining', 'detect-threat', 'decide'];

const judgeOne = (name: string, { expected, started, logsOf }: Facts): Verdict => {
  const { path, hash } = expected;
  const last = started.find((one) => one.function === name);
  if (last?.rules === undefined) return warn(name, 'has not logged which rules it read', logsOf(name));
  const next = `${command('firebreak', 'rules', '--rules', path)} && ${APPLY}`;
  return last.rules === hash
    ? ok(name, `has read the rules ${hash}`)
    : fail(
        name,
        `has read the rules ${last.rules}, but ${path} is ${hash}: deploy that file, or give the one in force with --rules`,
        next,
      );
};

/** Checks the rules file that the functions have read. */
export const rules = ofBoth<Facts>({
  id: 'rules',
  does: 'The detectors and decide have read the rules file, as its hash shows.',
  role: 'roles/logging.viewer',
  read: async ({ expected, started, logsOf }) => ({
    expected: await expected.rules(),
    started: await started(),
    logsOf,
  }),
  judge: (facts) => READERS.map((name) => judgeOne(name, facts)),
});
