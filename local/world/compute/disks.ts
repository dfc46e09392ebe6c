import { z } from 'zod';
import { notFound } from './fault.ts';
import { type Method, method, regional, zonal } from './method.ts';
import type { RawDisk } from './resources.ts';
import type { ComputeState } from './state.ts';

type DiskAt = { project: string; zone?: string; region?: string; disk: string };

/** The partial URL of a zonal or regional disk. */
export const diskUrl = ({ project, zone, region, disk }: DiskAt): string =>
  `projects/${project}/${zone !== undefined ? `zones/${zone}` : `regions/${region}`}/disks/${disk}`;

/** Finds a disk by its place; 404 if there is none. */
export const findDisk = (state: ComputeState, at: DiskAt): RawDisk => {
  const disk = state.disks.get(diskUrl(at));
  if (disk === undefined) throw notFound(diskUrl(at));
  return disk;
};

/** The field that names a disk within its zone or region. */
export const diskAt = { disk: z.string() };

/** The methods that read disks. */
export const diskMethods: Record<string, Method> = {
  'Disks.Get': method(['compute.disks.get'], z.object({ ...zonal, ...diskAt }), diskUrl, (state, _, at) =>
    findDisk(state, at),
  ),
  'RegionDisks.Get': method(['compute.disks.get'], z.object({ ...regional, ...diskAt }), diskUrl, (state, _, at) =>
    findDisk(state, at),
  ),
};
