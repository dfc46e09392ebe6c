import { z } from 'zod';
import { invalid, notFound } from './fault.ts';
import { addMember, leave, resizeTo, sizeTo } from './group-members.ts';
import { type Caller, type Method, method, paging, regional, requestId, zonal } from './method.ts';
import { begin, taken, type Work } from './operations.ts';
import { pageOf } from './paging.ts';
import type { RawManaged } from './resources.ts';
import { type ComputeState, type GroupState, partial } from './state.ts';

type At = { project: string; zone?: string; region?: string; instanceGroupManager: string };
type Changing = At & { requestId?: string };

const groupUrl = ({ project, zone, region, instanceGroupManager }: At): string =>
  `projects/${project}/${zone !== undefined ? `zones/${zone}` : `regions/${region}`}/instanceGroupManagers/${instanceGroupManager}`;

const findGroup = (state: ComputeState, at: At): GroupState => {
  const group = state.groups.get(groupUrl(at));
  if (group === undefined) throw notFound(groupUrl(at));
  return group;
};

const membersOf = (group: GroupState, urls: readonly string[]): RawManaged[] =>
  urls.map((url, index) => {
    const member = group.members.find((each) => partial(each.instance) === partial(url));
    if (member === undefined || /^(DELETING|ABANDONING)$/.test(member.currentAction)) {
      throw invalid(`instances[${index}]`, url, `It is not a member of the group '${group.raw.name}'.`);
    }
    return member;
  });

const taking = (state: ComputeState, caller: Caller, asked: Changing, urls: readonly string[], andDelete: boolean) => {
  const type = andDelete ? 'deleteInstances' : 'abandonInstances';
  return begin(state, { ...caller, type, asked }, (): Work => {
    const group = findGroup(state, asked);
    if (urls.length === 0) throw invalid('instances', '', 'At least one instance is needed.');
    membersOf(group, urls);
    return {
      target: { url: group.raw.selfLink, id: group.raw.id },
      done: () => {
        const leaving = group.members.filter(
          (each) =>
            urls.some((url) => partial(url) === partial(each.instance)) &&
            !/^(DELETING|ABANDONING)$/.test(each.currentAction),
        );
        sizeTo(state, { actor: caller.actor, verb: type }, group, group.raw.targetSize - leaving.length);
        for (const member of leaving) leave(state, group, member, andDelete);
      },
    };
  });
};

const creating = (state: ComputeState, caller: Caller, asked: Changing, names: readonly string[]) =>
  begin(state, { ...caller, type: 'createInstances', asked }, (): Work => {
    const group = findGroup(state, asked);
    const { project } = asked;
    for (const name of names) {
      if (!/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) throw invalid('instances.name', name, 'Must be a name.');
      const found = group.members.find((each) => each.name === name);
      if (found !== undefined) throw taken(partial(found.instance));
      for (const zone of group.zones) {
        const url = `projects/${project}/zones/${zone}/instances/${name}`;
        if (state.instances.has(url)) throw taken(url);
      }
    }
    return {
      target: { url: group.raw.selfLink, id: group.raw.id },
      done: () => {
        const by = { actor: caller.actor, verb: 'createInstances' };
        const fresh = names.filter((name) => !group.members.some((each) => each.name === name));
        sizeTo(state, by, group, group.raw.targetSize + fresh.length);
        for (const name of fresh) addMember(state, group, name);
      },
    };
  });

const resizing = (state: ComputeState, caller: Caller, asked: Changing & { size: number }) =>
  begin(state, { ...caller, type: 'resize', asked }, (): Work => {
    const group = findGroup(state, asked);
    if (asked.size < 0) throw invalid('size', String(asked.size), 'Must not be negative.');
    return {
      target: { url: group.raw.selfLink, id: group.raw.id },
      done: () => resizeTo(state, { actor: caller.actor, verb: 'resize' }, group, asked.size),
    };
  });

const listing = (group: GroupState, limit: number, page: { maxResults?: number; pageToken?: string }) => {
  if (group.raw.listManagedInstancesResults === 'PAGELESS') return { managedInstances: group.members };
  const { items, ...next } = pageOf(group.members, limit, page);
  return { managedInstances: items, ...next };
};

const methodsOf = (service: string, place: z.ZodType<At>, prefix: string): Record<string, Method> => {
  const reading = ['compute.instanceGroupManagers.get'];
  const update = ['compute.instanceGroupManagers.update'];
  const change = place.and(z.object(requestId));
  const body = (name: string) => `${prefix}${name}RequestResource`;
  const urls = z.object({ instances: z.array(z.string()), skipInstancesOnValidationError: z.boolean().optional() });
  const names = z.object({ instances: z.array(z.looseObject({ name: z.string() })) });
  const withBody = <T>(key: string, schema: z.ZodType<T>) => change.and(z.looseObject({ [key]: schema }));
  const abandoning = body('AbandonInstances');
  const deleting = body('DeleteInstances');
  const making = body('CreateInstances');
  return {
    [`${service}.Get`]: method(reading, place, groupUrl, (state, _, at) => findGroup(state, at).raw),
    [`${service}.ListManagedInstances`]: method(reading, place.and(z.object(paging)), groupUrl, (state, _, at) =>
      listing(findGroup(state, at), state.pageLimit, at),
    ),
    [`${service}.AbandonInstances`]: method(update, withBody(abandoning, urls), groupUrl, (state, caller, asked) =>
      taking(state, caller, asked, urls.parse(asked[abandoning]).instances, false),
    ),
    [`${service}.DeleteInstances`]: method(update, withBody(deleting, urls), groupUrl, (state, caller, asked) =>
      taking(state, caller, asked, urls.parse(asked[deleting]).instances, true),
    ),
    [`${service}.CreateInstances`]: method(update, withBody(making, names), groupUrl, (state, caller, asked) =>
      creating(
        state,
        caller,
        asked,
        names.parse(asked[making]).instances.map(({ name }) => name),
      ),
    ),
    [`${service}.Resize`]: method(update, change.and(z.object({ size: z.number().int() })), groupUrl, resizing),
  };
};

const manager = { instanceGroupManager: z.string() };

/** The methods of zonal and regional managed instance groups. */
export const groupMethods: Record<string, Method> = {
  ...methodsOf('InstanceGroupManagers', z.object({ ...zonal, ...manager }), 'instanceGroupManagers'),
  ...methodsOf('RegionInstanceGroupManagers', z.object({ ...regional, ...manager }), 'regionInstanceGroupManagers'),
};
