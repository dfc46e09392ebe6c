import { fail, ofBoth, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { Expected, Started } from '../readers.ts';

type Facts = { expected: Expected; started: Started[]; logsOf(name: string): string };

const READERS = ['decide', 'operate', 'contain'];

const judgeOne = (name: string, { expected, started, logsOf }: Facts): Verdict => {
  const { path, hash } = expected.policy;
  const last = started.find((one) => one.function === name);
  const check = command('firebreak', 'policy', 'check', path);
  if (last?.policy === undefined) return warn(name, 'has not said which policy it has read', logsOf(name));
  return last.policy === hash
    ? ok(name, `has read the policy ${hash}`)
    : fail(
        name,
        `has read the policy ${last.policy}, and ${path} is ${hash}: deploy it, or name the one in force with --policy`,
        `${check} && ${APPLY}`,
      );
};

/** The policy that the functions have read. */
export const policy = ofBoth<Facts>({
  id: 'policy',
  does: 'decide, operate and contain have read the policy that the file holds, by its hash.',
  role: 'roles/logging.viewer',
  read: async ({ expected, started, logsOf }) => ({ expected, started: await started(), logsOf }),
  judge: (facts) => [
    ...READERS.map((name) => judgeOne(name, facts)),
    ...(facts.expected.policy.mode === 'act'
      ? []
      : [
          warn(
            facts.expected.policy.path,
            `has mode ${facts.expected.policy.mode}: everything is decided and recorded, and nothing is done`,
            command('firebreak', 'policy', 'check', facts.expected.policy.path),
          ),
        ]),
  ],
});
