import { type ComputeResource, computeUrl, partialUrl, regionOf, resourceName } from '../compute-url.ts';
import { isComputeName, isInstanceId, isProjectId } from '../kubernetes/names.ts';
import type { ComputeReader, ComputeWriter, Disk, Snapshot } from '../model/compute.ts';
import type { ComputeCall } from './compute-api.ts';
import { allPages, checkedUrl, checkRequestId, fits, made, orUndefined } from './compute-calls.ts';
import { readReply, readTime } from './compute-read.ts';
import { diskReply, snapshotPage, snapshotReply } from './compute-shapes.ts';

/** The label that marks a snapshot as Firebreak's. */
const LABEL = 'firebreak';
const LABELLED = 'evidence';

const readDisk = (at: ComputeResource, reply: unknown): Disk => {
  const { diskEncryptionKey: key, ...read } = readReply('a disk', diskReply, reply);
  const { project, zone, region } = at;
  return {
    ...read,
    url: computeUrl(at),
    project,
    ...(zone === undefined ? {} : { zone }),
    ...(region === undefined ? {} : { region }),
    ...(key?.kmsKeyName === undefined ? {} : { kmsKey: key.kmsKeyName }),
    customerKey: key?.sha256 !== undefined && key.kmsKeyName === undefined,
  };
};

const readSnapshot = (project: string, reply: unknown): Snapshot => {
  const { creationTimestamp, sourceDisk, ...read } = readReply('a snapshot', snapshotReply, reply);
  return {
    ...read,
    project,
    sourceDisk: partialUrl(sourceDisk),
    createdAt: readTime('a snapshot', creationTimestamp),
  };
};

type DiskPorts = Pick<ComputeReader, 'disk' | 'snapshotsOf'> & Pick<ComputeWriter, 'createSnapshot'>;

/** The ports for disks and their snapshots. */
export const diskPorts = (call: ComputeCall): DiskPorts => ({
  disk: async (url) => {
    const at = checkedUrl(url, 'disks');
    const { project, zone, region = '', name: disk } = at;
    return orUndefined(`disk ${resourceName(url)}`, async () =>
      readDisk(
        at,
        zone === undefined
          ? await call('RegionDisks.Get', { project, region, disk })
          : await call('Disks.Get', { project, zone, disk }),
      ),
    );
  },
  snapshotsOf: async ({ project, id }) => {
    fits(isProjectId(project) && isInstanceId(id), 'the id of a disk', { project, id });
    const filter = `labels.${LABEL} = "${LABELLED}"`;
    const found = await orUndefined(`snapshots of disk ${id}`, () =>
      allPages(async (from) => {
        const reply = await call('Snapshots.List', { project, filter, maxResults: 500, ...from });
        const page = readReply('snapshots', snapshotPage, reply);
        return { items: page.items.map((raw) => readSnapshot(project, raw)), next: page.nextPageToken };
      }),
    );
    return (found ?? [])
      .filter((snapshot) => snapshot.sourceDiskId === id)
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  },
  // snapshots.insert rather than disks.createSnapshot: the same call for zonal and regional disks, and the recommended
  // one.
  createSnapshot: async ({ disk, name, labels, description, requestId }) => {
    checkRequestId(requestId);
    const source = checkedUrl(disk, 'disks');
    fits(isComputeName(name), 'the name of a snapshot', name);
    const { project } = source;
    return made(`snapshot of ${resourceName(disk)}`, { project }, () =>
      call('Snapshots.Insert', {
        project,
        requestId,
        snapshotResource: {
          name,
          sourceDisk: computeUrl(source),
          labels: { ...labels, [LABEL]: LABELLED },
          // By default the service stores a snapshot in the nearest multi-region, which an organization's policy on
          // locations may forbid. It allows the region of the disk, as it allowed the disk.
          storageLocations: [regionOf(source)],
          ...(description === undefined ? {} : { description }),
        },
      }),
    );
  },
});
