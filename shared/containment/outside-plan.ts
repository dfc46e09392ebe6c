import { type Entry, keyOf } from '../model/entry.ts';
import type { Hold } from './context.ts';
import type { Ledger } from './ledger.ts';
import { lookAgain } from './look-again.ts';
import { isUnseen } from './order.ts';
import type { RunPorts } from './run.ts';

/**
 * Looks at what was taken over from a closed episode and is not looked at by the plan, because the goal is a dry run or
 * lower than that episode's was. What people took back after the close is not made again under this goal, but it is not
 * told as proven either. A higher goal looks at it again.
 */
export const lookOutsidePlan = async (ports: RunPorts, ledger: Ledger, hold: Hold): Promise<void> => {
  const { journal, plan } = ledger.seen();
  const planned = new Set(plan.map(keyOf));
  const outside = journal.filter((e) => isUnseen(e) && (hold.dry || !planned.has(keyOf(e))));
  const why = hold.dry ? 'a dry run does not make it again' : 'it is above the tier of the goal';
  const said = ({ because = 'taken over' }: Entry, doubt: string) => [because, `${doubt}, and ${why}`];
  await lookAgain(ports, ledger, hold, outside, said);
};
