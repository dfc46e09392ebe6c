import { zipSync } from 'fflate';
import type { BuiltFiles } from './bundle.ts';

/** The earliest time that the zip format can hold. In the machine's time zone, since the library reads it that way. */
const EPOCH = new Date(1980, 0, 1);
const UNIX = 3;
const READABLE_FILE = 0o100644 << 16;

/**
 * A zip file that is byte for byte the same for the same files: sorted by name, all with the same time and the rights
 * of a plain file, and packed by a library of a locked version rather than by the running Node.js.
 */
export const archive = (files: BuiltFiles): Uint8Array => {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), { level: 9, mtime: EPOCH, os: UNIX, attrs: READABLE_FILE });
};
