import { TIERS, type Tier } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import type { Subject } from '../../model/subject.ts';
import { clusterOf, type Target } from '../../model/target.ts';
import { namesOf } from '../grant.ts';
import { PLAYBOOKS } from '../playbooks.ts';
import { suspectsOf } from '../suspects.ts';
import type { Granted, Wish } from './granted-of.ts';
import { meantBy } from './meant.ts';

/** What begins, and why it is not what was asked for, in a sentence. */
export const told = ({ begun, notes }: Granted, wish: Tier): string => {
  const why = notes.length === 0 ? '' : `: ${notes.join('; ')}`;
  return begun === wish ? `${begun} starts${why}` : `${begun} instead of ${wish}${why}`;
};

/** Whether an addition changes the playbook of a tier. */
const changes = (tier: Tier, addition: string): boolean =>
  PLAYBOOKS[tier].some(({ step, only, evidence }) => {
    if (addition === 'stopFirst') return evidence === true;
    return addition === 'drain' ? step === 'drain-node' : only === addition;
  });

/**
 * The additions that change nothing in the playbook of what begins, nor in that of the goal, in sentences: whoever
 * asked for one waits for it in vain.
 */
export const idleOptions = (
  { begun, tier }: Pick<Granted, 'begun' | 'tier'>,
  { options, stopFirst }: Pick<Wish, 'options' | 'stopFirst'>,
): string[] => {
  const idle = [...(stopFirst === true ? ['stopFirst'] : []), ...Object.keys(options)]
    .filter((addition) => !changes(begun, addition) && !changes(tier, addition))
    .map(
      (addition) =>
        `${addition} adds nothing to ${begun}, only to ${TIERS.filter((one) => changes(one, addition)).join(' and ')}`,
    );
  return stopFirst === true && tier === 'snapshot'
    ? [...idle, 'no snapshot is taken and no evidence kept: stopFirst leaves out all of it']
    : idle;
};

/** Why a tier that deletes pods deletes nothing where only nodes are meant; whoever asked for it waits for it in vain. */
export const idleTier = (incident: Incident, named: { only?: readonly string[] | undefined }, tier: Tier): string[] => {
  if (tier !== 'redeploy' && tier !== 'delete-workload') return [];
  const meant = meantBy(incident, named, tier);
  const those = suspectsOf(incident).filter(({ uid }) => meant === undefined || meant.includes(uid));
  return those.some(({ kind }) => kind !== 'node')
    ? []
    : [
        `nothing is deleted, since ${tier} deletes pods and only a node is meant: name its pod or workload, or ask for delete-host`,
      ];
};

/** What a target lacks to be acted on, or says that is not heeded; undefined if it is as it should be. */
export const lackOf = (target: Target): string | undefined => {
  if (clusterOf(target) === undefined)
    return 'field "target": name the cluster by location and cluster; a project as a whole is never contained';
  const { pod, workload, node, instance, namespace, principal } = target;
  if (principal !== undefined)
    return 'field "target.principal": what a principal does elsewhere is not contained; leave it out; nothing was done';
  if (pod === undefined && workload === undefined && node === undefined && instance === undefined)
    return 'field "target": name a pod, workload or node; a cluster or namespace as a whole is never contained';
  if (pod === undefined && workload === undefined)
    return namespace === undefined
      ? undefined
      : 'field "target.namespace": a node is in no namespace, and all of it is contained; leave it out, or name a pod; nothing was done';
  return namespace === undefined ? 'field "target.namespace": a pod or workload needs its namespace' : undefined;
};

/** Of a workload that was named before, no more pods are awaited: its sender has to know that. */
export const unawaited = ({ podsUntil }: Incident, named: readonly Subject[]): string[] => {
  const workloads = podsUntil === undefined ? named.filter(({ kind }) => kind === 'workload') : [];
  return workloads.length === 0
    ? []
    : [`pods that ${namesOf(workloads)} makes from now on are not covered: send this again when they are there`];
};

/** The pods of an incident that a request for all of it leaves out, in a sentence. */
export const leftIdle = (incident: Incident): string[] => {
  const suspects = suspectsOf(incident);
  const idle = incident.subjects.filter((one) => !suspects.includes(one));
  return idle.length === 0
    ? []
    : [`nothing is done to ${namesOf(idle)}: only CPU use speaks against it; name it as "target" to contain it too`];
};
