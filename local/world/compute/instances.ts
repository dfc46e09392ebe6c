import { z } from 'zod';
import { ComputeFault, invalid, notFound } from './fault.ts';
import { type Caller, type Method, method, requestId, zonal } from './method.ts';
import { begin, OperationFault, type Work } from './operations.ts';
import { alter, type By, recordPresence } from './record.ts';
import type { RawInstance, RawOperation } from './resources.ts';
import { type ComputeState, fingerprintOf, partial } from './state.ts';

type At = { project: string; zone: string; instance: string };

/** The partial URL of a VM. */
export const instanceUrl = ({ project, zone, instance }: At): string =>
  `projects/${project}/zones/${zone}/instances/${instance}`;

/** Finds a VM by its zone and its name or numeric id; 404 if there is none. */
export const findInstance = (state: ComputeState, at: At): RawInstance => {
  const named = state.instances.get(instanceUrl(at));
  if (named !== undefined) return named;
  const prefix = instanceUrl({ ...at, instance: '' });
  for (const [key, instance] of state.instances) {
    if (key.startsWith(prefix) && instance.id === at.instance) return instance;
  }
  throw notFound(instanceUrl(at));
};

const stale = (what: string): ComputeFault =>
  new ComputeFault(412, 'conditionNotMet', `Supplied fingerprint does not match current ${what} fingerprint.`);

/** Fails an operation whose VM is gone, or was created again under its name, since the operation was accepted. */
const mustStillBe = (state: ComputeState, instance: RawInstance): void => {
  const url = partial(instance.selfLink);
  if (state.instances.get(url) === instance) return;
  throw new OperationFault('RESOURCE_NOT_FOUND', 404, `The resource '${url}' was not found`);
};

/** The fields that name the VM of a change. */
export type Changing = At & { requestId?: string };

/**
 * Accepts a change of one VM. The change applies to the VM with the id found at acceptance; if that VM is gone by then,
 * the operation fails.
 */
export const changing = (
  state: ComputeState,
  caller: Caller,
  type: string,
  asked: Changing,
  prepare: (instance: RawInstance) => (instance: RawInstance) => void,
): RawOperation =>
  begin(state, { ...caller, type, asked }, (): Work => {
    const instance = findInstance(state, asked);
    const change = prepare(instance);
    return {
      target: { url: instance.selfLink, id: instance.id },
      done: () => {
        mustStillBe(state, instance);
        alter(state, { actor: caller.actor, verb: type }, instance, change);
      },
    };
  });

const conditionLost = () => new OperationFault('CONDITION_NOT_MET', 412, 'Fingerprint changed meanwhile.');

const MAX_TAGS = 64;

const setTags = (
  state: ComputeState,
  caller: Caller,
  asked: Changing & { tagsResource: { items: string[]; fingerprint?: string } },
) =>
  changing(state, caller, 'setTags', asked, (now) => {
    const { items, fingerprint } = asked.tagsResource;
    if (fingerprint !== now.tags.fingerprint) throw stale('tags');
    if (items.length > MAX_TAGS) throw invalid('tags.items', '', `A VM has at most ${MAX_TAGS} tags.`);
    for (const item of items) {
      if (!/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(item)) throw invalid('tags.items', item, 'Must be a tag.');
    }
    return (instance) => {
      if (instance.tags.fingerprint !== fingerprint) throw conditionLost();
      instance.tags = { items: [...items], fingerprint: fingerprintOf(items) };
    };
  });

type Item = { key: string; value: string };

const setMetadata = (
  state: ComputeState,
  caller: Caller,
  asked: Changing & { metadataResource: { items: Item[]; fingerprint?: string } },
) =>
  changing(state, caller, 'setMetadata', asked, (now) => {
    const { items, fingerprint } = asked.metadataResource;
    if (fingerprint !== now.metadata.fingerprint) throw stale('metadata');
    return (instance) => {
      if (instance.metadata.fingerprint !== fingerprint) throw conditionLost();
      instance.metadata = { kind: 'compute#metadata', items: [...items], fingerprint: fingerprintOf(items) };
    };
  });

const setDiskAutoDelete = (
  state: ComputeState,
  caller: Caller,
  asked: Changing & { deviceName: string; autoDelete: boolean },
) =>
  changing(state, caller, 'setDiskAutoDelete', asked, (now) => {
    const disk = now.disks.find((each) => each.deviceName === asked.deviceName);
    if (disk === undefined) throw invalid('deviceName', asked.deviceName, 'No attached disk has this device name.');
    if (disk.type === 'SCRATCH') throw invalid('deviceName', asked.deviceName, 'A local SSD always goes with its VM.');
    return () => {
      disk.autoDelete = asked.autoDelete;
    };
  });

/** Deletes a VM, and its disks that have autoDelete set and no other VM uses. */
export const removeInstance = (state: ComputeState, by: By, instance: RawInstance): void => {
  state.instances.delete(partial(instance.selfLink));
  recordPresence(state, by, instance, 'gone');
  for (const { source, autoDelete } of instance.disks) {
    const disk = source === undefined ? undefined : state.disks.get(partial(source));
    if (!autoDelete || disk === undefined) continue;
    const shared = [...state.instances.values()].some((other) => other.disks.some((each) => each.source === source));
    if (shared) continue;
    state.disks.delete(partial(disk.selfLink));
    recordPresence(state, { actor: by.actor, verb: 'autoDelete' }, disk, 'gone');
  }
};

const deleteInstance = (state: ComputeState, caller: Caller, asked: Changing) =>
  begin(state, { ...caller, type: 'delete', asked }, () => {
    const instance = findInstance(state, asked);
    return {
      target: { url: instance.selfLink, id: instance.id },
      start: () => {
        instance.status = 'STOPPING';
      },
      done: () => {
        mustStillBe(state, instance);
        removeInstance(state, { actor: caller.actor, verb: 'delete' }, instance);
        for (const group of state.groups.values()) group.missing(instance);
      },
    };
  });

const at = { ...zonal, instance: z.string() };
/** The schema fields of every change of a VM. */
export const change = { ...at, ...requestId };
const tags = z.object({ items: z.array(z.string()).default([]), fingerprint: z.string().exactOptional() });
const item = z.object({ key: z.string(), value: z.string().default('') });
const metadata = z.object({
  kind: z.string().optional(),
  items: z.array(item).default([]),
  fingerprint: z.string().exactOptional(),
});

/** The methods of `Instances`; those for access configs and effective firewalls are in files of their own. */
export const instanceMethods: Record<string, Method> = {
  'Instances.Get': method(['compute.instances.get'], z.object(at), instanceUrl, (state, _, asked) =>
    findInstance(state, asked),
  ),
  'Instances.SetTags': method(
    ['compute.instances.setTags'],
    z.object({ ...change, tagsResource: tags }),
    instanceUrl,
    setTags,
  ),
  'Instances.SetMetadata': method(
    ['compute.instances.setMetadata', 'iam.serviceAccounts.actAs'],
    z.object({ ...change, metadataResource: metadata }),
    instanceUrl,
    setMetadata,
  ),
  'Instances.SetDiskAutoDelete': method(
    ['compute.instances.setDiskAutoDelete'],
    z.object({ ...change, deviceName: z.string(), autoDelete: z.boolean() }),
    instanceUrl,
    setDiskAutoDelete,
  ),
  'Instances.Delete': method(['compute.instances.delete'], z.object(change), instanceUrl, deleteInstance),
};
