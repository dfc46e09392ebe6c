import { hash } from 'node:crypto';
import { z } from 'zod';
import { computeUrl, parseComputeUrl } from '../../compute-url.ts';
import type { Group, ManagedInstance } from '../../model/compute.ts';
import type { Entry } from '../../model/entry.ts';
import { msOf } from '../../model/time.ts';
import type { NodeContext } from '../host.ts';
import { readImage } from '../image.ts';
import { isLate } from '../late.ts';
import { type Advanced, advance, waiting } from '../operations.ts';
import type { Applied, Captured, StepOf } from '../step.ts';
import { WouldSend } from '../stopped.ts';

const ID = 'restore-group-size';
const DEADLINE_MS = 10 * 60_000;
const image = z.object({ group: z.string(), name: z.string(), size: z.number() });
const shrunk = z.looseObject({ group: z.string() });

/** The entry of an earlier step of this host that shrank its group, or would have; undefined where none did. */
const shrinking = (context: NodeContext, state: 'applied' | 'dry-run'): Entry | undefined =>
  context.journal().find((e) => (e.step === 'leave-group' || e.step === 'delete-host') && e.state === state);

/** The group that an earlier step of this host shrank; undefined where none did. */
const groupOf = (context: NodeContext): string | undefined => {
  const entry = shrinking(context, 'applied');
  const read = shrunk.safeParse(entry?.before);
  return read.success ? read.data.group : undefined;
};

/** The name of the new instance: always the same for the same host, so that a repeat finds it there. */
const replacementName = (base: string, host: string): string =>
  `${base.slice(0, 50).replace(/-+$/, '')}-fb${hash('sha256', host).slice(0, 8)}`;

/** The URL without its project: `created-by` names that by its number, and the cluster's description by its id. */
const withoutProject = (url: string): string => {
  const place = parseComputeUrl(url);
  return place === undefined ? url : computeUrl({ ...place, project: '-' });
};

/** Whether a Compute Engine autoscaler or the cluster autoscaler decides about the size of the group. */
const isAutoscaled = async (context: NodeContext, group: Group): Promise<boolean> =>
  group.autoscaled ||
  (await context.describe()).autoscaledGroups.some((url) => withoutProject(url) === withoutProject(group.url));

const isRunning = ({ status }: ManagedInstance): boolean => status === 'RUNNING';

/**
 * Waits for the VM that the group lists: it lists one as soon as it is told to make it, and without capacity or quota
 * it only goes on trying. A new VM takes up to a minute, so this looks less often the longer it waits.
 */
const arrived = (context: NodeContext, replacement: ManagedInstance): Applied => {
  const { entry } = context;
  const { name, trouble } = replacement;
  if (isRunning(replacement)) return { outcome: 'applied', because: `${name} replaces it` };
  const why = trouble === undefined ? '' : `: ${trouble}`;
  const minutes = DEADLINE_MS / 60_000;
  if (isLate(context))
    return { outcome: 'applied', because: `the group has still not made ${name} after ${minutes} minutes${why}` };
  return {
    outcome: 'pending',
    wakeMs: Math.min(10_000, Math.max(2_000, (context.now() - msOf(entry.startedAt)) / 2)),
    because: `${name} is being created${why}`,
    ...(entry.operation === undefined ? {} : { operation: entry.operation }),
  };
};

const captured = async (context: NodeContext): Promise<Captured> => {
  const url = groupOf(context);
  // A step that was only tried has no image that names the group.
  if (url === undefined && context.dry && shrinking(context, 'dry-run') !== undefined)
    throw new WouldSend('add one VM to the group that the node leaves, unless its pool is autoscaled');
  if (url === undefined) return { outcome: 'already', because: 'no group lost a node to this incident' };
  const group = await context.compute.group(url);
  if (group === undefined) return { outcome: 'already', because: 'the group is gone: there is no size to restore' };
  if (await isAutoscaled(context, group))
    return { outcome: 'already', because: `the pool of ${group.name} is autoscaled` };
  const name = replacementName(group.baseInstanceName, context.subject.host.id);
  return { outcome: 'captured', before: { group: group.url, name, size: group.targetSize }, deadlineMs: DEADLINE_MS };
};

/**
 * Gives the group back the node that it lost, by adding one instance under a fixed name, which a repeat finds there.
 * The group is never made smaller: if it grew meanwhile, it keeps what it grew by.
 */
export const restoreGroupSize: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Adds one VM to the group that lost one, under a name derived from the host, so that a repeated call adds no second VM.',
  journal: 'host',
  undoable: true,
  permissions: {
    iam: [
      'container.clusters.get',
      'compute.instanceGroupManagers.get',
      'compute.instanceGroupManagers.update',
      'compute.zoneOperations.get',
      'compute.regionOperations.get',
    ],
    rbac: [],
  },

  capture: captured,

  apply: async (context, before): Promise<Applied> => {
    const was = readImage(image, before, ID);
    const members = await context.compute.managedInstances(was.group);
    if (members === undefined) return { outcome: 'gone', because: 'the group is gone: there is no size to restore' };
    const replacement = members.find(({ name }) => name === was.name);
    if (replacement !== undefined) return arrived(context, replacement);
    const advanced = await advance(context.compute, context.entry, [
      {
        key: 'create',
        send: (requestId) => context.computeWrite.createInstance({ group: was.group, name: was.name, requestId }),
      },
    ]);
    if (advanced.failures.length > 0) return resized(context, was, advanced);
    return isLate(context)
      ? { outcome: 'failed', because: `${was.name} did not appear in ${DEADLINE_MS / 60_000} minutes` }
      : waiting(advanced, `${was.name} is being created`);
  },

  verify: async (context, before) => {
    const was = readImage(image, before, ID);
    const group = await context.compute.group(was.group);
    if (group === undefined) return { proof: 'not proven', because: 'the group is gone' };
    const replacement = (await context.compute.managedInstances(was.group))?.find(({ name }) => name === was.name);
    if (replacement !== undefined && !isRunning(replacement)) return { proof: 'not proven' };
    return group.targetSize > was.size
      ? { proof: 'proven' }
      : { proof: 'not proven', because: `the group’s size is ${group.targetSize} again` };
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const group = await context.compute.group(was.group);
    if (group === undefined) return { outcome: 'not-undoable', because: 'the group is gone' };
    return group.targetSize <= was.size
      ? { outcome: 'undone', because: `${group.name} has no more VMs than before` }
      : { outcome: 'not-undoable', because: 'the replacement stays, since the VM that left cannot go back' };
  },
};

/** For groups that cannot make an instance by name: resizes to one more than at the capture, and only ever up. */
const resized = async (
  context: NodeContext,
  was: z.infer<typeof image>,
  { failures, operation }: Pick<Advanced, 'failures' | 'operation'>,
): Promise<Applied> => {
  const group = await context.compute.group(was.group);
  if (group === undefined) return { outcome: 'gone', because: 'the group is gone: there is no size to restore' };
  const size = was.size + 1;
  if (group.targetSize >= size) return { outcome: 'applied', because: `the group’s size is ${group.targetSize} again` };
  // That the creation was refused is kept, or the next look would ask for it again.
  const advanced = await advance(context.compute, { ...context.entry, operation }, [
    { key: 'resize', send: (requestId) => context.computeWrite.resizeGroup({ group: was.group, size, requestId }) },
  ]);
  const gaveUp = advanced.failures.filter((failure) => failure.startsWith('resize'));
  if (gaveUp.length > 0) return { outcome: 'failed', because: [...failures, ...gaveUp].join('; ') };
  // After a resize that ended, somebody may have made the group smaller again: nothing would ever end the wait.
  return isLate(context)
    ? {
        outcome: 'failed',
        because: [...failures, `the group was not resized to ${size} in ${DEADLINE_MS / 60_000} minutes`].join('; '),
      }
    : waiting(advanced, `the group is being resized to ${size}`);
};
