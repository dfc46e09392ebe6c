import { Transient } from '../errors.ts';
import type { Entry } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { timeOf } from '../model/time.ts';
import type { ContainPorts } from '../ports.ts';
import type { Ledger } from './ledger.ts';
import { isBegunInEarnest } from './order.ts';

/** The incident without the word that held it; what the budget holds back under this goal is held still. */
export const unheld = (incident: Incident): Incident => {
  const { held, ...rest } = incident;
  const isBudgets = (e: Entry): boolean => e.state === 'held' && e.rev === rest.goal?.rev && !isBegunInEarnest(e);
  const still = held?.budget === true && rest.journal.some(isBudgets);
  return still ? incident : rest;
};

/**
 * Ends a run under a halt. A resume that was committed meanwhile has found the incident leased and woken nobody: it is asked
 * after once the lease is given up, so that one of the two sees the other.
 *
 * @throws Transient where there is no halt any more: the message comes again, and the run goes on.
 */
export const holdUnderHalt = async (
  ports: Pick<ContainPorts, 'clock' | 'stores'>,
  ledger: Ledger,
  because: string,
): Promise<Incident | undefined> => {
  const held = { because, at: timeOf(ports.clock.now()) };
  const left = await ledger.close((i) => ({ ...i, held }));
  const halt = await ports.stores.halts.get('halt');
  if (halt?.halted !== true) throw new Transient(`incident ${ledger.id} was held by a halt that has ended: it resumes`);
  return left;
};
