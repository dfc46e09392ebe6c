import type { Incident } from '../model/incident.ts';
import { type ClusterRef, clusterOf, sameCluster } from '../model/target.ts';
import type { Stores } from '../ports.ts';
import { keyOfUid } from './correlate.ts';
import type { ResolvePorts } from './resolve-host.ts';

type HolderPorts = Pick<ResolvePorts, 'stores'>;

/** The incidents that hold a subject or VM with this id, the ten newest, newest last. */
export const holdersOf = async ({ stores }: HolderPorts, id: string): Promise<Incident[]> => {
  const record = await stores.subjects.get(keyOfUid(id));
  const ids = (record?.incidents ?? []).slice(-10);
  const found = await Promise.all(ids.map((incident) => stores.incidents.get(incident)));
  return found.filter((incident) => incident !== undefined);
};

/** Those of them that are in this cluster. */
export const holdersIn = async (ports: HolderPorts, cluster: ClusterRef, id: string): Promise<Incident[]> =>
  (await holdersOf(ports, id)).filter(({ target }) => {
    const at = clusterOf(target);
    return at !== undefined && sameCluster(at, cluster);
  });

/** The incidents that hold any of the subjects or VMs with these ids, but the one with the id `but`. */
export const othersHolding = async (
  { stores }: { stores: Pick<Stores, 'incidents' | 'subjects'> },
  uids: readonly string[],
  but: string,
): Promise<Incident[]> => {
  const records = await Promise.all(uids.map((uid) => stores.subjects.get(keyOfUid(uid))));
  const ids = new Set(records.flatMap((record) => record?.incidents ?? []).filter((id) => id !== but));
  const found = await Promise.all([...ids].map((id) => stores.incidents.get(id)));
  return found.filter((incident) => incident !== undefined);
};
