import type { Host } from '../model/host.ts';
import type { Stores } from '../ports.ts';
import { holdersNow } from './hosts.ts';

/**
 * Whether an incident beside this one holds a shared document now. In a storm on one node hundreds may, and mostly the
 * newest of them tells.
 */
export const isHeldBeside = async (
  ports: { stores: Pick<Stores, 'incidents'> },
  host: Host | undefined,
  id: string,
): Promise<boolean> => {
  const others = (host?.holders ?? []).filter((holder) => holder !== id);
  const live = await holdersNow(ports, { holders: others.slice(-1) });
  return live.length > 0 || (await holdersNow(ports, { holders: others.slice(0, -1) })).length > 0;
};
