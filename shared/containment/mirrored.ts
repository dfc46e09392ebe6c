import type { Entry } from '../model/entry.ts';
import type { HostPlace } from './hosts.ts';

/** The incident's copy of a shared entry: state, proof and times. Its before-image and `lostBy` stay with the host. */
export const mirrored = (entry: Entry, place: HostPlace, rev: number, because?: string): Entry => {
  const { before: _, lostBy: __, ...rest } = entry;
  return { ...rest, rev, host: place.id, ...(because === undefined ? {} : { because }) };
};
