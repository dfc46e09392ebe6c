import type { PlanOptions } from '../../model/decision.ts';
import { TIERS, type Tier } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import type { Subject } from '../../model/subject.ts';
import { clusterOf, type Target } from '../../model/target.ts';
import { namesOf } from '../grant.ts';
import { PLAYBOOKS } from '../playbooks.ts';
import { suspectsOf } from '../suspects.ts';
import type { Granted } from './granted-of.ts';
import { meantBy } from './meant.ts';

/** What begins, and why it is not what was asked for, in a sentence. */
export const told = ({ begun, notes }: Granted, wish: Tier): string => {
  const why = notes.length === 0 ? '' : `: ${notes.join('; ')}`;
  return begun === wish ? `${begun} starts${why}` : `${begun} instead of ${wish}${why}`;
};

/**
 * The options that the playbook of a tier has no step for, in sentences: whoever asked for one waits for it in vain.
 */
export const idleOptions = (tier: Tier, options: PlanOptions): string[] => {
  const has = (one: Tier, option: string): boolean =>
    PLAYBOOKS[one].some(({ step, only }) => (option === 'drain' ? step === 'drain-node' : only === option));
  return Object.keys(options)
    .filter((option) => !has(tier, option))
    .map(
      (option) => `${option} adds nothing to ${tier}, only to ${TIERS.filter((one) => has(one, option)).join(' and ')}`,
    );
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

/** What a target lacks to be acted on; undefined if nothing is missing. */
export const lackOf = (target: Target): string | undefined => {
  if (clusterOf(target) === undefined)
    return 'field "target": name the cluster by location and cluster; a project as a whole is never contained';
  const { pod, workload, node, instance, namespace } = target;
  if (pod === undefined && workload === undefined && node === undefined && instance === undefined)
    return 'field "target": name a pod, workload or node; a cluster or namespace as a whole is never contained';
  return (pod !== undefined || workload !== undefined) && namespace === undefined
    ? 'field "target.namespace": a pod or workload needs its namespace'
    : undefined;
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
