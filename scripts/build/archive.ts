import { zipSync } from 'fflate';
import type { BuiltFiles } from './bundle.ts';

/** The first moment that the format knows, in the zone of the machine, which is how the library reads it. */
const EPOCH = new Date(1980, 0, 1);
const UNIX = 3;
const READABLE_FILE = 0o100644 << 16;

/**
 * A zip file that is the same, byte for byte, for the same files: in the order of their names, all of one moment, with
 * the rights of a plain file, packed by code that is locked and not by that of the running Node.js.
 */
export const archive = (files: BuiltFiles): Uint8Array => {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), { level: 9, mtime: EPOCH, os: UNIX, attrs: READABLE_FILE });
};
