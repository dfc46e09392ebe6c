import type { Scope } from '../decision/playbooks.ts';
import { meantBy } from '../decision/requests/meant.ts';
import { subjectsOf } from '../decision/step-subjects.ts';
import { suspectsOf } from '../decision/suspects.ts';
import type { Ask } from '../model/decision.ts';
import type { Tier } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { plain } from '../text.ts';

/** What each tier is for: what it does, to which subjects, and what it means for them. */
const DEEDS: Readonly<Partial<Record<Tier, { does: string; scope: Scope; so?: string }>>> = {
  snapshot: { does: 'takes snapshots of the disks of', scope: 'node' },
  quarantine: { does: 'quarantines', scope: 'pod' },
  isolate: { does: 'cuts off', scope: 'node' },
  redeploy: { does: 'deletes', scope: 'pod', so: ', for its controller to create anew' },
  'delete-workload': { does: 'deletes', scope: 'workload', so: ' with all of its pods' },
  'delete-host': { does: 'deletes the VM of', scope: 'node' },
};

/** Names that a sentence lists; an incident may hold many pods. */
const MOST = 5;

const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, MOST);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
};

/**
 * What an approval is for, by name, as lines: `An approval deletes Deployment shop/cart with all of its pods.` The
 * target alone does not tell, since a tier may reach further than the pod that an incident is about. Empty where
 * nothing can be named.
 */
export const reachLines = (incident: Incident, { tier, only }: Pick<Ask, 'tier' | 'only'>): string[] => {
  const deed = DEEDS[tier];
  if (deed === undefined) return [];
  const meant = meantBy(incident, { only }, tier);
  const subjects = suspectsOf(incident).filter(({ uid }) => meant?.includes(uid) !== false);
  const found = subjectsOf({ ...incident, subjects }, deed.scope);
  if (found.length === 0) return [];
  const kind = deed.scope === 'workload' ? '' : `${deed.scope}${found.length === 1 ? '' : 's'} `;
  const isBare = found.every((one) => one.scope === 'workload' && one.owner.kind === 'Pod');
  const so = isBare ? '' : (deed.so ?? '');
  const names = listed(found.map(({ subject }) => plain(subject)));
  return [`An approval ${deed.does} ${kind}${names}${found.length === 1 ? so : so.replace(' its ', ' their ')}.`];
};
