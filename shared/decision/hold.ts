import { againOnConflict } from '../again-on-conflict.ts';
import type { Subject } from '../model/subject.ts';
import type { Stores } from '../ports.ts';
import { keyOfUid } from './correlate.ts';

/** Incidents kept per subject. A node may see many in its life, but only the newest are ever asked for. */
const KEPT = 100;
/** Documents written at a time. A workload may have hundreds of pods, and the store is shared with everyone else. */
const TOGETHER = 20;

const idsOf = (subject: Subject): string[] => {
  const host = subject.kind === 'workload' ? undefined : subject.host?.id;
  return [subject.uid, ...(host === undefined ? [] : [host])].map(keyOfUid);
};

const hold = (stores: Pick<Stores, 'subjects'>, id: string, incident: string): Promise<void> =>
  againOnConflict(`subjects/${id} was written by others`, async () => {
    const known = await stores.subjects.get(id);
    const incidents = known?.incidents ?? [];
    if (incidents.includes(incident)) return;
    const next = [...incidents, incident].slice(-KEPT);
    await stores.subjects.put(id, { v: 1, rev: 0, writer: '', ...known, incidents: next }, known?.rev ?? null);
  });

/**
 * Records that this incident holds the subjects and their VMs, but for those in `held`, which are recorded already.
 * Must be done before a goal is published, so that a look-up of a pod or VM finds every incident that may act on it.
 *
 * @throws Transient after five lost races on one of them.
 */
export const holdSubjects = async (
  stores: Pick<Stores, 'subjects'>,
  incident: string,
  subjects: readonly Subject[],
  held: readonly Subject[],
): Promise<void> => {
  const known = new Set(held.flatMap(idsOf));
  const ids = [...new Set(subjects.flatMap(idsOf))].filter((id) => !known.has(id));
  for (let n = 0; n < ids.length; n += TOGETHER)
    await Promise.all(ids.slice(n, n + TOGETHER).map((id) => hold(stores, id, incident)));
};
