import { resourceName } from '../../compute-url.ts';
import { msOf } from '../../model/time.ts';
import type { NodeContext } from '../host.ts';
import { readImage } from '../image.ts';
import { isLate } from '../late.ts';
import { advance, type Task, waiting } from '../operations.ts';
import { captureDisks, type SnapshotImage, snapshotImage, snapshotsNow, unready } from '../snapshots.ts';
import type { Applied, StepOf } from '../step.ts';
import { snapshotName } from '../verdicts/snapshots.ts';

const ID = 'start-snapshots';
/**
 * How long this step waits; the gate before a deletion waits again. The service takes one snapshot of a disk in 10
 * minutes: one that it refuses because another incident has just taken one must still have its turn.
 */
const DEADLINE_MS = 12 * 60_000;

/** A large disk takes minutes: the longer the step has waited, the longer it waits until it looks again, up to 10 s. */
const nextLookMs = ({ entry, now }: NodeContext): number => Math.min(10_000, (now() - msOf(entry.startedAt)) / 2);

const tasksOf = (context: NodeContext, image: SnapshotImage, disks: readonly string[]): Task[] =>
  image.disks
    .filter((disk) => disks.includes(disk.url))
    .map((disk) => ({
      key: disk.url,
      send: (requestId) =>
        context.computeWrite.createSnapshot({
          disk: disk.url,
          name: snapshotName(context.incident.id, disk.id),
          labels: { 'firebreak-incident': context.incident.id },
          description: `Firebreak evidence of incident ${context.incident.id}`,
          requestId,
        }),
    }));

/**
 * Takes a snapshot of every persistent disk, zonal and regional, made since the first finding; one that exists already
 * counts. If it fails, containment goes on: only steps that destroy wait for it.
 */
export const startSnapshots: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Snapshots every persistent disk of the VM, zonal and regional, unless a recent enough snapshot exists.',
  journal: 'incident',
  undoable: false,
  pace: 'alongside',
  atOnce: () => 5,
  permissions: {
    iam: [
      'compute.instances.get',
      'compute.disks.get',
      'compute.disks.createSnapshot',
      'compute.snapshots.create',
      'compute.snapshots.list',
      'compute.snapshots.setLabels',
      'compute.globalOperations.get',
    ],
    rbac: [],
  },

  capture: async (context) => {
    const captured = await captureDisks(context);
    return captured.outcome === 'captured' ? { ...captured, deadlineMs: DEADLINE_MS } : captured;
  },

  apply: async (context, before): Promise<Applied> => {
    const image = readImage(snapshotImage, before, ID);
    const found = await snapshotsNow(context, image);
    const missing = found.filter(({ snapshot }) => snapshot === undefined).map(({ disk }) => disk.url);
    const open = unready(found);
    if (open.length === 0) return { outcome: 'applied' };
    const advanced = await advance(context.compute, context.entry, tasksOf(context, image, missing));
    if (advanced.failures.length > 0)
      return { outcome: 'failed', because: `no snapshot: ${advanced.failures.join('; ')}` };
    if (!isLate(context)) {
      const waits = waiting(advanced, `${open.length} of ${image.disks.length} snapshots are not READY yet`);
      return { ...waits, wakeMs: Math.max(waits.wakeMs, nextLookMs(context)) };
    }
    return missing.length === 0
      ? { outcome: 'applied', because: 'still being uploaded' }
      : {
          outcome: 'failed',
          because: [
            `no snapshot of ${missing.map(resourceName).join(', ')} in ${DEADLINE_MS / 60_000} minutes`,
            ...advanced.errors,
          ].join('; '),
        };
  },

  verify: async (context, before) => {
    const image = readImage(snapshotImage, before, ID);
    const found = await snapshotsNow(context, image);
    const open = unready(found);
    const names = found.flatMap(({ snapshot }) => (snapshot === undefined ? [] : [snapshot.name]));
    const lost = image.lost.length === 0 ? '' : `; not possible for ${image.lost.join(', ')}`;
    if (open.length === 0 && image.unknown !== undefined)
      return { proof: 'not proven', because: [...names, image.unknown].join('; ') };
    return open.length === 0
      ? { proof: 'proven', because: `${names.length === 1 ? 'snapshot' : 'snapshots'} ${names.join(', ')}${lost}` }
      : { proof: 'not proven', because: `not READY: ${open.join(', ')}${lost}` };
  },

  undo: async () => ({ outcome: 'not-undoable', because: 'evidence is kept' }),
};
