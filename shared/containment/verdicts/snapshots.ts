import { createHash } from 'node:crypto';
import type { Instance, Snapshot } from '../../model/compute.ts';
import { msOf, type Time } from '../../model/time.ts';

/** A snapshot counts for an hour: the service takes one per disk in 10 minutes and 6 in an hour. */
const COUNTS_MS = 60 * 60_000;

/** The name of an incident's snapshot of a disk: always the same, so that a repeat is refused as existing. At most 63. */
export const snapshotName = (incident: string, disk: string): string =>
  `fb-${createHash('sha256').update(`${incident} ${disk}`).digest('hex').slice(0, 40)}`;

/** What can be snapshotted of a VM, each source once, and the local disks that cannot. */
export const snapshotSources = (instance: Instance): { disks: string[]; lost: string[] } => ({
  disks: [
    ...new Set(instance.disks.flatMap((d) => (d.type === 'PERSISTENT' && d.source !== undefined ? [d.source] : []))),
  ],
  lost: instance.disks.filter((d) => d.type === 'SCRATCH').map((d) => d.deviceName),
});

/**
 * Of snapshots of one disk, the one that counts as this incident's: newer than the first finding, younger than an hour or
 * the incident's own (`own`: its name), which keeps what it was made for, and not failed; a finished one before one under way.
 */
export const countingSnapshot = (
  snapshots: readonly Snapshot[],
  own: string,
  since: Time,
  nowMs: number,
): Snapshot | undefined => {
  const counting = snapshots.filter((s) => {
    const made = Date.parse(s.createdAt);
    const isRecent = made >= msOf(since) && made > nowMs - COUNTS_MS;
    return s.status !== 'FAILED' && s.status !== 'DELETING' && (isRecent || s.name === own);
  });
  return counting.find((s) => s.status === 'READY') ?? counting[0];
};
