import { isBuiltInController } from '../kubernetes/built-in.ts';
import { lowerTier, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { OwnerRef, PodSubject, Subject } from '../model/subject.ts';
import type { Target } from '../model/target.ts';
import { matchesGlob } from './glob.ts';
import type { Policy } from './policy.ts';

/**
 * A place as protection and conditions see it. `namespace`: undefined if not known. `workloads`: `KIND/NAME` of the pod
 * and its controllers. `claimed`: the one of these that could not be read, and that the pod may only claim. `complete`:
 * false if the chain of controllers could not be read to its top.
 */
export type Place = {
  namespace: string | undefined;
  workloads: string[];
  claimed?: string | undefined;
  complete: boolean;
};

const named = (owner: Pick<OwnerRef, 'kind' | 'name'>): string => `${owner.kind}/${owner.name}`;

/** The top owner of a pod, if it is of a custom kind and the chain of controllers could not be read to its top. */
const claimOf = ({ owners, ownersUnread }: PodSubject): string | undefined => {
  const top = owners.at(-1);
  return ownersUnread === undefined || top === undefined || isBuiltInController(top) ? undefined : named(top);
};

const placeOf = (subject: Subject): Place[] => {
  if (subject.kind === 'node') return [];
  const namespace = subject.namespace === '' ? undefined : subject.namespace;
  if (subject.kind === 'workload') return [{ namespace, workloads: [named(subject.owner)], complete: true }];
  const workloads = [`Pod/${subject.name}`, ...subject.owners.map(named)];
  return [{ namespace, workloads, claimed: claimOf(subject), complete: subject.ownersUnread === undefined }];
};

const placeNamed = (target: Target): Place[] => {
  if (target.pod === undefined && target.workload === undefined) return [];
  const workloads = [
    ...(target.pod === undefined ? [] : [`Pod/${target.pod}`]),
    ...(target.workload === undefined ? [] : [named(target.workload)]),
  ];
  return [{ namespace: target.namespace, workloads, complete: target.workload !== undefined }];
};

/** Every place that an incident touches: those of its subjects, else the one that its target names. A node has none. */
export const placesOf = ({ subjects, target }: Pick<Incident, 'subjects' | 'target'>): Place[] => {
  const places = subjects.flatMap(placeOf);
  return places.length > 0 ? places : placeNamed(target);
};

/** Whether a pattern, `NAME` or `KIND/NAME`, matches one of a place's workloads. */
export const matchesWorkload = (glob: string, { workloads }: Pick<Place, 'workloads'>): boolean =>
  workloads.some((name) => matchesGlob(glob, glob.includes('/') ? name : name.slice(name.indexOf('/') + 1)));

/**
 * The place without the owner that a pod may only claim, for what spares it: whoever creates a pod writes its owners.
 */
export const withoutClaim = ({ claimed, ...place }: Place): Place => ({
  ...place,
  workloads: place.workloads.filter((name) => name !== claimed),
});

type Protection = Policy['protected'][number];

/** Whether a protection holds for a place. Fails closed: what is not known counts as protected. */
const holds = (protection: Protection, place: Place): boolean => {
  if (place.namespace === undefined) return true;
  if (!matchesGlob(protection.namespace, place.namespace)) return false;
  return protection.workload === undefined || !place.complete || matchesWorkload(protection.workload, place);
};

const sentenceOf = ({ namespace, workload, tier }: Protection, place: Place): string => {
  if (place.namespace === undefined)
    return `the namespace of a subject is not known, so it counts as protected: ${tier} at most`;
  const what = workload === undefined ? '' : `, workload ${workload}`;
  if (workload !== undefined && !matchesWorkload(workload, place))
    return `not all controllers of ${place.workloads[0]} are known, so it counts as protected (${namespace}${what}): ${tier} at most`;
  return `namespace ${place.namespace} is protected (${namespace}${what}): ${tier} at most`;
};

/** The protection of a place whose namespace is not known, even if the policy protects nothing. */
const UNKNOWN: Protection = { namespace: '*', tier: 'snapshot' };

/** The highest tier that protection allows for all of these places, and the sentence of the one that limits it. */
export const protectionOf = (policy: Pick<Policy, 'protected'>, places: Place[]): { tier: Tier; because?: string } =>
  places
    .flatMap((place) =>
      [...policy.protected, ...(place.namespace === undefined ? [UNKNOWN] : [])]
        .filter((protection) => holds(protection, place))
        .map((protection) => ({ tier: protection.tier, because: sentenceOf(protection, place) })),
    )
    .reduce<{ tier: Tier; because?: string }>(
      (lowest, next) => (tierRank(lowerTier(lowest.tier, next.tier)) < tierRank(lowest.tier) ? next : lowest),
      { tier: 'delete-host' },
    );
