import { z } from 'zod';
import { resourceName } from '../compute-url.ts';
import type { Snapshot } from '../model/compute.ts';
import type { Time } from '../model/time.ts';
import { instanceOf, type NodeContext, noVm } from './host.ts';
import type { Captured } from './step.ts';
import { countingSnapshot, snapshotName, snapshotSources } from './verdicts/snapshots.ts';

export const snapshotImage = z.object({
  disks: z.array(z.object({ url: z.string(), id: z.string(), project: z.string() })),
  lost: z.array(z.string()),
  /** A sentence that names the disks for which nobody can say what is lost with them. */
  unknown: z.string().optional(),
  since: z.string(),
});
export type SnapshotImage = z.infer<typeof snapshotImage>;

/** A snapshot from this time on shows what happened: the first finding, or the request that opened the incident. */
const sinceOf = (context: NodeContext): Time => context.incident.summary.firstAt ?? context.incident.openedAt;

const unsure = (devices: readonly string[]): Pick<SnapshotImage, 'unknown'> =>
  devices.length === 0
    ? {}
    : {
        unknown: `${devices.join(', ')}: a disk of unknown type without a source to snapshot; it is not known what is lost with it`,
      };

/** Reads which disks of the VM can be snapshotted, by URL and id, and names those that are lost. */
export const captureDisks = async (context: NodeContext): Promise<Captured> => {
  const instance = await instanceOf(context);
  if (instance === undefined) return noVm(context);
  const { disks, lost, unknown } = snapshotSources(instance);
  const found = await Promise.all(disks.map(async (url) => ({ url, disk: await context.compute.disk(url) })));
  const usable = found.flatMap(({ url, disk }) =>
    disk === undefined || disk.customerKey ? [] : [{ url, id: disk.id, project: disk.project }],
  );
  const unusable = found.flatMap(({ url, disk }) => {
    if (disk === undefined) return [`${resourceName(url)} (no longer there)`];
    return disk.customerKey ? [`${resourceName(url)} (encrypted with a key that only its owner holds)`] : [];
  });
  const missing = [...lost.map((name) => `local SSD ${name}`), ...unusable];
  if (usable.length === 0 && unknown.length === 0)
    return {
      outcome: 'already',
      because: `no disk can be snapshotted here${missing.length === 0 ? '' : `; lost with the VM: ${missing.join(', ')}`}`,
    };
  return { outcome: 'captured', before: { disks: usable, lost: missing, ...unsure(unknown), since: sinceOf(context) } };
};

type DiskSnapshot = { disk: SnapshotImage['disks'][number]; snapshot: Snapshot | undefined };

/** Reads, for each disk, the snapshot that counts. */
export const snapshotsNow = (context: NodeContext, image: SnapshotImage): Promise<DiskSnapshot[]> =>
  Promise.all(
    image.disks.map(async (disk) => ({
      disk,
      snapshot: countingSnapshot(
        await context.compute.snapshotsOf({ project: disk.project, id: disk.id }),
        snapshotName(context.incident.id, disk.id),
        image.since,
        context.now(),
      ),
    })),
  );

/** The names of the disks without a finished snapshot. */
export const unready = (found: readonly DiskSnapshot[]): string[] =>
  found.filter(({ snapshot }) => snapshot?.status !== 'READY').map(({ disk }) => resourceName(disk.url));
