import { othersHolding } from '../decision/holders.ts';
import { tierOf } from '../model/decision.ts';
import { tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { ContainPorts } from '../ports.ts';

/** Whether an incident has yet to reach a goal under which it holds the nodes of its pods. */
const isOnItsWay = ({ goal, run }: Incident): boolean => {
  const tier = tierOf(goal);
  return tier !== undefined && tierRank(tier) >= tierRank('quarantine') && goal?.mode === 'act' && goal.rev !== run.rev;
};

/**
 * The other incidents that are to hold this VM and may not have begun: each is recorded for its VM before its goal is
 * published, and joins the document of the VM only in its run.
 */
export const arriving = async (
  ports: Pick<ContainPorts, 'stores'>,
  { id }: Pick<Incident, 'id'>,
  vm: string,
): Promise<string[]> => (await othersHolding(ports, [vm], id)).filter(isOnItsWay).map((other) => other.id);
