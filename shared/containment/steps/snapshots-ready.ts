import { readImage } from '../image.ts';
import { isLate } from '../late.ts';
import { captureDisks, snapshotImage, snapshotsNow, unready } from '../snapshots.ts';
import type { StepOf } from '../step.ts';

const ID = 'snapshots-ready';
/** A first snapshot of a large disk takes long. After this time the deletion is refused, and people decide. */
const DEADLINE_MS = 30 * 60_000;
const POLL_MS = 5_000;

/** The gate before a deletion: every disk has a READY snapshot since the first finding, or cannot have one. */
export const snapshotsReady: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Waits until every disk of the VM has a READY snapshot; disks that cannot be snapshotted are recorded as lost.',
  journal: 'incident',
  undoable: false,
  permissions: {
    iam: ['compute.instances.get', 'compute.disks.get', 'compute.snapshots.list'],
    rbac: [],
  },

  capture: async (context) => {
    const captured = await captureDisks(context);
    if (captured.outcome === 'captured') return { ...captured, deadlineMs: DEADLINE_MS };
    // Disks that cannot be kept (VM out of reach, or gone) are recorded as lost, and do not lock the gate.
    return captured.outcome === 'refused' || captured.outcome === 'gone'
      ? {
          outcome: 'already',
          because: `${captured.because}; none of its disks can be kept, so there is no snapshot to wait for`,
        }
      : captured;
  },

  apply: async (context, before) => {
    const image = readImage(snapshotImage, before, ID);
    // A disk that may hold evidence but cannot be kept is for people to judge: the deletion behind the gate is refused.
    if (image.unknown !== undefined) return { outcome: 'failed', because: image.unknown };
    const open = unready(await snapshotsNow(context, image));
    if (open.length === 0) return { outcome: 'applied' };
    const started = context.journal().find((e) => e.step === 'start-snapshots' && e.uid === context.subject.uid);
    if (started?.state === 'failed')
      return { outcome: 'failed', because: `no snapshot to wait for: ${started.because ?? 'it failed'}` };
    const late = isLate(context);
    const because = `not READY: ${open.join(', ')}`;
    return late ? { outcome: 'failed', because } : { outcome: 'pending', wakeMs: POLL_MS, because };
  },

  verify: async (context, before) => {
    const image = readImage(snapshotImage, before, ID);
    const open = unready(await snapshotsNow(context, image));
    if (open.length > 0) return { proof: 'not proven', because: `not READY: ${open.join(', ')}` };
    return image.lost.length === 0
      ? { proof: 'proven' }
      : { proof: 'proven', because: `lost with the VM: ${image.lost.join(', ')}` };
  },

  undo: async () => ({ outcome: 'not-undoable', because: 'there is nothing to undo' }),
};
