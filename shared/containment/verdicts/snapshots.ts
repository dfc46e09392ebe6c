import { hash } from 'node:crypto';
import type { AttachedDisk, Instance, Snapshot } from '../../model/compute.ts';
import { msOf, type Time } from '../../model/time.ts';

/** A snapshot counts for an hour: the service allows one for a disk in 10 minutes, and 6 in an hour. */
const COUNTS_MS = 60 * 60_000;

/** The name of an incident's snapshot of a disk, at most 63; always the same, so a repeat is refused as existing. */
export const snapshotName = (incident: string, disk: string): string =>
  `fb-${hash('sha256', `${incident} ${disk}`).slice(0, 40)}`;

export type Sources = { disks: string[]; lost: string[]; unknown: string[] };

/**
 * The disks of a VM that can be snapshotted, each source once, and the local disks that cannot (`lost`). A disk of an
 * unknown type is snapshotted where it has a source; without one, nobody can say what is lost with it (`unknown`).
 */
export const snapshotSources = ({ disks }: Pick<Instance, 'disks'>): Sources => {
  const named = (of: AttachedDisk[]): string[] => of.map((d) => d.deviceName);
  return {
    disks: [...new Set(disks.flatMap((d) => (d.type !== 'SCRATCH' && d.source !== undefined ? [d.source] : [])))],
    lost: named(disks.filter((d) => d.type === 'SCRATCH')),
    unknown: named(disks.filter((d) => d.type === 'UNKNOWN' && d.source === undefined)),
  };
};

/**
 * Of the snapshots of one disk, the one that counts for this incident. It must not have failed or be under deletion,
 * and must be newer than the first finding and younger than an hour, or be the incident's own (`own`: its name). A
 * finished one comes before one that is under way.
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
