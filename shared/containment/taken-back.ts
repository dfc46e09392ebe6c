import { othersHolding } from '../decision/holders.ts';
import { isDue } from '../decision/state.ts';
import { uidsBehind } from '../decision/step-subjects.ts';
import { type Entry, keyOf } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { msOf, timeOf } from '../model/time.ts';
import type { ContainPorts } from '../ports.ts';
import { momentText } from '../views/time.ts';
import { type BoundStep, itemOf } from './bound-step.ts';
import { DENIED_MS, newEntry } from './entry-states.ts';
import { isUndone } from './undo.ts';

/** How long a step waits before it checks again whether another incident has undone its change. */
const WAKE_MS = 5_000;

type Reading = Pick<ContainPorts, 'stores'>;

/** Whether an incident has yet to undo a change, which it may have yet to take over from a closed one. */
const isToUndo = async (ports: Reading, incident: Incident, key: string, by = incident.id): Promise<boolean> => {
  const isOwn = incident.journal.some(
    (e) => keyOf(e) === key && (e.takenBy === undefined || e.takenBy === by) && !isUndone(e),
  );
  if (isOwn || incident.takesOver === undefined) return isOwn;
  const former = await ports.stores.incidents.get(incident.takesOver);
  return former !== undefined && isToUndo(ports, former, key, incident.id);
};

/** The released incident that has yet to undo the change of the same step; undefined where there is none. */
const takenBackBy = async (
  ports: Reading,
  { id, episode, cooldownUntil }: Pick<Incident, 'id' | 'episode' | 'cooldownUntil'>,
  entry: Entry,
  uids: readonly string[],
): Promise<string | undefined> => {
  // A first episode follows no release, so nothing needs to be read.
  if (episode === 1 && cooldownUntil === undefined) return undefined;
  const others = await othersHolding(ports, uids, id);
  for (const other of others)
    if (other.goal?.tier === 'released' && isDue(other) && (await isToUndo(ports, other, keyOf(entry))))
      return other.id;
  return undefined;
};

/**
 * The entry of a step that waits until a release by another incident has undone the same change; undefined where there
 * is nothing to wait for. Until then the world shows that incident's change, which must not become the before-image: a
 * release that restored it would leave the pod in quarantine, without its labels. The step waits at most as long as a
 * release retries a denial, so that an attacked pod is contained even if that release never ends. `known`: the entry of
 * the step, if it has been waiting before.
 */
export const waitingForRelease = async (
  ports: Pick<ContainPorts, 'stores' | 'clock'>,
  incident: Incident,
  bound: BoundStep,
  rev: number,
  known: Entry | undefined,
): Promise<Entry | undefined> => {
  const now = ports.clock.now();
  const blank = {
    ...newEntry(itemOf(bound), rev, now),
    ...(known === undefined ? {} : { startedAt: known.startedAt }),
  };
  if (now - msOf(blank.startedAt) > DENIED_MS) return undefined;
  const by = await takenBackBy(ports, incident, blank, uidsBehind(bound.subject));
  const wakeAt = timeOf(now + WAKE_MS);
  return by === undefined
    ? undefined
    : {
        ...blank,
        wakeAt,
        because: `incident ${by} takes back what it did here; tried again from ${momentText(wakeAt)}`,
      };
};
