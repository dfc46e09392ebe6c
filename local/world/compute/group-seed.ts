import { recreateMember } from './group-members.ts';
import { recordPresence } from './record.ts';
import type { RawGroup } from './resources.ts';
import { addInstance, type InstanceSeed, instanceOf } from './seed.ts';
import { type ComputeState, fingerprintOf, type GroupState, newId, partial, projectNumber, ROOT } from './state.ts';

export type GroupSeed = {
  project: string;
  name: string;
  /** The zone of a zonal group; a regional one has `region` and its `zones`. */
  zone?: string;
  region?: string;
  zones?: string[];
  /** Names of the VMs that the group begins with; each is created. */
  members: string[];
  baseInstanceName?: string;
  /** The properties of its VMs, except name and place. */
  template?: Partial<Omit<InstanceSeed, 'project' | 'zone' | 'name' | 'id'>>;
  /** URL of a Compute Engine autoscaler. */
  autoscaler?: string;
  autoHealing?: boolean;
  /** Whether `listManagedInstances` returns pages; real groups do so only if it is set. */
  paginated?: boolean;
};

const rawOf = (state: ComputeState, seed: GroupSeed, place: string): RawGroup => ({
  kind: 'compute#instanceGroupManager',
  id: newId(state),
  name: seed.name,
  selfLink: `${ROOT}${place}/instanceGroupManagers/${seed.name}`,
  ...(seed.zone === undefined ? { region: ROOT + place } : { zone: ROOT + place }),
  baseInstanceName: seed.baseInstanceName ?? seed.name,
  targetSize: seed.members.length,
  fingerprint: fingerprintOf(seed.name),
  instanceGroup: `${ROOT}${place}/instanceGroups/${seed.name}`,
  listManagedInstancesResults: seed.paginated ? 'PAGINATED' : 'PAGELESS',
  ...(seed.autoHealing
    ? {
        autoHealingPolicies: [
          { healthCheck: `${ROOT}projects/${seed.project}/global/healthChecks/h1`, initialDelaySec: 300 },
        ],
      }
    : {}),
  status: { isStable: true, ...(seed.autoscaler === undefined ? {} : { autoscaler: seed.autoscaler }) },
});

/** Creates a managed instance group and its VMs, whose `created-by` names the group. */
export const addGroup = (state: ComputeState, seed: GroupSeed): GroupState => {
  const scope = seed.zone === undefined ? `regions/${seed.region}` : `zones/${seed.zone}`;
  const raw = rawOf(state, seed, `projects/${seed.project}/${scope}`);
  const number = projectNumber(state, seed.project);
  const seedOf = (name: string, zone: string): InstanceSeed => ({
    ...seed.template,
    project: seed.project,
    zone,
    name,
    metadata: {
      ...seed.template?.metadata,
      'created-by': `projects/${number}/${scope}/instanceGroupManagers/${seed.name}`,
    },
  });
  const group: GroupState = {
    raw,
    members: [],
    zones: seed.zone === undefined ? (seed.zones ?? []) : [seed.zone],
    template: (name, zone) => instanceOf(state, seedOf(name, zone)),
    missing: (instance) => {
      const member = group.members.find((each) => each.id === instance.id && each.currentAction === 'NONE');
      if (member !== undefined) recreateMember(state, group, member);
    },
  };
  for (const [index, name] of seed.members.entries()) {
    const instance = addInstance(state, seedOf(name, group.zones[index % group.zones.length] ?? ''));
    group.members.push({
      instance: instance.selfLink,
      name,
      id: instance.id,
      currentAction: 'NONE',
      instanceStatus: 'RUNNING',
    });
  }
  state.groups.set(partial(raw.selfLink), group);
  recordPresence(state, { actor: 'seed', verb: 'insert' }, raw, 'there');
  return group;
};
