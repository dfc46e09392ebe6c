import type { Scope } from '../decision/playbooks.ts';
import { meantBy } from '../decision/requests/meant.ts';
import { subjectsOf } from '../decision/step-subjects.ts';
import { suspectsOf } from '../decision/suspects.ts';
import type { Ask } from '../model/decision.ts';
import type { Entry } from '../model/entry.ts';
import type { StepId, Tier } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { plain } from '../text.ts';

/** What each tier is for: what it does, by which step, to which subjects, and what it means for them. */
const DEEDS: Readonly<Partial<Record<Tier, { does: string; step: StepId; scope: Scope; so?: string }>>> = {
  snapshot: { does: 'takes snapshots of the disks of', step: 'start-snapshots', scope: 'node' },
  quarantine: { does: 'quarantines', step: 'quarantine-pod', scope: 'pod' },
  isolate: { does: 'cuts off', step: 'deny-node-network', scope: 'node' },
  redeploy: { does: 'deletes', step: 'delete-pod', scope: 'pod', so: ', for its controller to create anew' },
  'delete-workload': { does: 'deletes', step: 'delete-workload', scope: 'workload', so: ' with all of its pods' },
  'delete-host': { does: 'deletes the VM of', step: 'delete-host', scope: 'node' },
};

/** Names that a sentence lists; an incident may hold many pods. */
const MOST = 5;

const listed = (names: readonly string[], most = MOST): string => {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
};

/** The entries that a budget holds, and that an approval carries out. */
export const liftedBy = ({ lifts }: Pick<Ask, 'lifts'>, { journal }: Incident): Entry[] =>
  lifts === true ? journal.filter(({ state }) => state === 'held') : [];

/** The steps of such entries, each with its subjects: `keep-disks and cordon-node on node-1`. */
const heldText = (held: readonly Entry[]): string => {
  const stepsOf = [...Map.groupBy(held, ({ subject }) => subject)].map(
    ([subject, entries]) => [subject, entries.map(({ step }) => step)] as const,
  );
  return [...Map.groupBy(stepsOf, ([, steps]) => listed(steps, steps.length)).entries()]
    .map(([steps, on]) => `${steps} on ${listed(on.map(([subject]) => plain(subject)))}`)
    .join('; ');
};

/** What an approval does for its tier. Empty where nothing can be named, or where that is done already. */
const deedLines = (incident: Incident, { tier, only }: Pick<Ask, 'tier' | 'only'>): string[] => {
  const deed = DEEDS[tier];
  if (deed === undefined) return [];
  const meant = meantBy(incident, { only }, tier);
  const subjects = suspectsOf(incident).filter(({ uid }) => meant?.includes(uid) !== false);
  const done = incident.journal.flatMap((e) => (e.step === deed.step && e.state === 'applied' ? [e.uid] : []));
  const found = subjectsOf({ ...incident, subjects }, deed.scope).filter(({ uid }) => !done.includes(uid));
  if (found.length === 0) return [];
  const kind = deed.scope === 'workload' ? '' : `${deed.scope}${found.length === 1 ? '' : 's'} `;
  const isBare = found.every((one) => one.scope === 'workload' && one.owner.kind === 'Pod');
  const so = isBare ? '' : (deed.so ?? '');
  const names = listed(found.map(({ subject }) => plain(subject)));
  return [`An approval ${deed.does} ${kind}${names}${found.length === 1 ? so : so.replace(' its ', ' their ')}.`];
};

/**
 * What an approval is for, by name, as lines: `An approval deletes Deployment shop/cart with all of its pods.` The
 * target alone does not tell, since a tier may reach further than the pod that an incident is about, and a part of it
 * may be done already: where a budget holds the rest, that is named. Empty where nothing can be named.
 */
export const reachLines = (incident: Incident, asked: Pick<Ask, 'tier' | 'only' | 'lifts'>): string[] => {
  const held = liftedBy(asked, incident);
  return [
    ...deedLines(incident, asked),
    ...(held.length === 0 ? [] : [`An approval carries out what is held: ${heldText(held)}.`]),
  ];
};
