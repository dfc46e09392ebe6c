import { FUNCTIONS } from '../../model/ids.ts';
import { fail, ofLocal, ok, type Verdict } from '../check.ts';

type Part = { name: string; url: string | undefined; answers: boolean };
type Facts = { isRunning: boolean; pid: number | undefined; startedAt: string | undefined; parts: Part[] };

const START = 'firebreak local';

/** Checks the processes of the stack on this machine. */
export const localStack = ofLocal<Facts>({
  id: 'local-stack',
  does: 'The stack on this machine runs, and its bus and all its functions answer.',
  read: async ({ local }) => {
    const { isRunning, pid, startedAt, bus, functions } = local;
    const named: Array<[string, string | undefined]> = [
      ['bus', bus],
      ...FUNCTIONS.map((name): [string, string | undefined] => [name, functions[name]]),
    ];
    const parts = await Promise.all(
      named.map(async ([name, url]) => ({ name, url, answers: url !== undefined && (await local.answers(url)) })),
    );
    return { isRunning, pid, startedAt, parts };
  },
  judge: ({ isRunning, pid, startedAt, parts }): Verdict[] => {
    if (!isRunning) return [fail('stack', `has stopped (process ${pid ?? 'unknown'})`, START)];
    return [
      ok('stack', `runs as process ${pid}${startedAt === undefined ? '' : ` since ${startedAt}`}`),
      ...parts.map(({ name, url, answers }) =>
        url === undefined
          ? fail(name, 'has no address in the state of the stack: stop the stack and start it again', START)
          : answers
            ? ok(name, `answers at ${url}`)
            : fail(name, `does not answer at ${url}: stop the stack and start it again`, START),
      ),
    ];
  },
});
