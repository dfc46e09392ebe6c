import { z } from 'zod';
import { diskAt, diskUrl, findDisk } from './disks.ts';
import { invalid, notFound } from './fault.ts';
import { type Caller, global, type Method, method, paging, regional, requestId, zonal } from './method.ts';
import { begin, OperationFault, taken, type Work } from './operations.ts';
import { listingOf } from './paging.ts';
import { alter, recordPresence } from './record.ts';
import type { RawDisk, RawSnapshot } from './resources.ts';
import { type ComputeState, newId, partial, ROOT, stampOf } from './state.ts';

/** The service's rate limit, in ms: one snapshot of a disk in ten minutes, six in an hour. */
const SPACING = 10 * 60_000;
const HOUR = 60 * 60_000;

const takeTurn = (state: ComputeState, disk: RawDisk): void => {
  const now = state.time();
  const recent = (state.snapshotTimes.get(disk.id) ?? []).filter((at) => now - at < HOUR);
  if (recent.length >= 6 || recent.some((at) => now - at < SPACING)) {
    throw new OperationFault(
      'RESOURCE_OPERATION_RATE_EXCEEDED',
      429,
      `Operation rate exceeded for resource '${partial(disk.selfLink)}'. Too frequent operations from the source resource.`,
    );
  }
  state.snapshotTimes.set(disk.id, [...recent, now]);
};

const snapshotResource = z.object({
  name: z
    .string()
    .regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, 'Must be a match of regex [a-z](?:[-a-z0-9]{0,61}[a-z0-9])?'),
  sourceDisk: z.string().exactOptional(),
  description: z.string().exactOptional(),
  labels: z.record(z.string(), z.string()).default({}),
  storageLocations: z.array(z.string()).exactOptional(),
  snapshotType: z.string().exactOptional(),
  sourceDiskEncryptionKey: z.object({ rawKey: z.string().exactOptional() }).exactOptional(),
});

const checkLabels = (labels: Record<string, string>): void => {
  for (const [key, value] of Object.entries(labels)) {
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key) || !/^[a-z0-9_-]{0,63}$/.test(value)) {
      throw invalid('resource.labels', `${key}=${value}`, 'Must be a label.');
    }
  }
};

type Snapshotting = { project: string; requestId?: string; snapshotResource: z.output<typeof snapshotResource> };

const snapshotting = (
  state: ComputeState,
  caller: Caller,
  type: string,
  asked: Snapshotting & { zone?: string; region?: string },
  source: () => RawDisk,
) =>
  begin(state, { ...caller, type, asked }, (): Work => {
    const { name, labels, description, storageLocations, sourceDiskEncryptionKey } = asked.snapshotResource;
    const disk = source();
    checkLabels(labels);
    const url = snapshotUrl({ project: asked.project, snapshot: name });
    if (state.snapshots.has(url) || state.reserved.has(url)) throw taken(url);
    if (disk.diskEncryptionKey?.sha256 !== undefined && sourceDiskEncryptionKey?.rawKey === undefined) {
      throw invalid('resource.sourceDiskEncryptionKey', '', 'The disk is protected with a customer supplied key.');
    }
    state.reserved.add(url);
    const snapshot: RawSnapshot = {
      kind: 'compute#snapshot',
      id: newId(state),
      name,
      selfLink: ROOT + url,
      status: 'CREATING',
      creationTimestamp: stampOf(state.time()),
      sourceDisk: disk.selfLink,
      sourceDiskId: disk.id,
      diskSizeGb: disk.sizeGb,
      labels,
      // The service's own choice is the nearest multi-region.
      storageLocations: storageLocations ?? ['eu'],
      ...(description === undefined ? {} : { description }),
    };
    return {
      target: type === 'createSnapshot' ? { url: disk.selfLink, id: disk.id } : { url, id: snapshot.id },
      start: () => {
        takeTurn(state, disk);
        state.snapshots.set(url, snapshot);
        recordPresence(state, { actor: caller.actor, verb: type }, snapshot, 'there');
      },
      done: () => {
        snapshot.status = 'UPLOADING';
        state.later(state.durations.snapshot, () => {
          if (snapshot.status === 'UPLOADING') snapshot.status = 'READY';
        });
      },
      settled: () => state.reserved.delete(url),
    };
  });

const insertSnapshot = (state: ComputeState, caller: Caller, asked: Snapshotting) =>
  snapshotting(state, caller, 'insert', asked, () => {
    const source = partial(asked.snapshotResource.sourceDisk ?? '');
    const disk = state.disks.get(source);
    if (disk === undefined) {
      throw source.includes('/disks/') ? notFound(source) : invalid('resource.sourceDisk', source, 'Must be a disk.');
    }
    return disk;
  });

const deleteSnapshot = (state: ComputeState, caller: Caller, asked: SnapshotAt & { requestId?: string }) =>
  begin(state, { ...caller, type: 'delete', asked }, () => {
    const snapshot = findSnapshot(state, asked);
    return {
      target: { url: snapshot.selfLink, id: snapshot.id },
      done: () => {
        state.snapshots.delete(partial(snapshot.selfLink));
        recordPresence(state, { actor: caller.actor, verb: 'delete' }, snapshot, 'gone');
      },
    };
  });

type SnapshotAt = { project: string; snapshot: string };
const snapshotUrl = (at: SnapshotAt): string => `projects/${at.project}/global/snapshots/${at.snapshot}`;
const findSnapshot = (state: ComputeState, at: SnapshotAt): RawSnapshot => {
  const snapshot = state.snapshots.get(snapshotUrl(at));
  if (snapshot === undefined) throw notFound(snapshotUrl(at));
  return snapshot;
};

/** Ends a snapshot with a status, on behalf of a stranger or a script. */
export const endSnapshot = (state: ComputeState, url: string, status: RawSnapshot['status'], actor: string): void => {
  const snapshot = state.snapshots.get(url);
  if (snapshot === undefined) throw notFound(url);
  alter(state, { actor, verb: 'endSnapshot' }, snapshot, (each) => {
    each.status = status;
  });
};

const SNAPSHOT = ['compute.disks.createSnapshot', 'compute.snapshots.create', 'compute.snapshots.setLabels'];
const snapshot = { ...requestId, snapshotResource, guestFlush: z.boolean().exactOptional() };

/** The methods of `Snapshots`, and those that snapshot a disk. */
export const snapshotMethods: Record<string, Method> = {
  'Disks.CreateSnapshot': method(
    SNAPSHOT,
    z.object({ ...zonal, ...diskAt, ...snapshot }),
    diskUrl,
    (state, caller, asked) => snapshotting(state, caller, 'createSnapshot', asked, () => findDisk(state, asked)),
  ),
  'RegionDisks.CreateSnapshot': method(
    SNAPSHOT,
    z.object({ ...regional, ...diskAt, ...snapshot }),
    diskUrl,
    (state, caller, asked) => snapshotting(state, caller, 'createSnapshot', asked, () => findDisk(state, asked)),
  ),
  'Snapshots.List': method(
    ['compute.snapshots.list'],
    z.object({ ...global, ...paging }),
    (at) => `projects/${at.project}`,
    (state, _, asked) => listingOf('compute#snapshotList', state.snapshots, state.pageLimit, asked),
  ),
  'Snapshots.Insert': method(
    SNAPSHOT,
    z.object({ ...global, ...requestId, snapshotResource }),
    ({ project, snapshotResource: { name } }) => snapshotUrl({ project, snapshot: name }),
    insertSnapshot,
  ),
  'Snapshots.Delete': method(
    ['compute.snapshots.delete'],
    z.object({ ...global, ...requestId, snapshot: z.string() }),
    snapshotUrl,
    deleteSnapshot,
  ),
};
