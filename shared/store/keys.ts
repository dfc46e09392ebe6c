import { Malformed } from '../errors.ts';
import { shown } from './ids.ts';

const SEGMENT = /^[A-Za-z0-9._#=-]{1,200}$/;
const LISTED = /^[A-Za-z0-9._#=/-]{0,900}$/;

const climbs = (segment: string): boolean => segment === '.' || segment === '..';

/**
 * The segments of an evidence key, which become folders and parts of a URL. Throws Malformed unless the key consists of
 * segments of A-Z a-z 0-9 . _ # = - (at most 200 characters each, 900 in all) joined by `/`, none of them `.` or `..`.
 */
export const segmentsOf = (key: string): string[] => {
  const segments = key.split('/');
  if (key.length <= 900 && segments.every((s) => SEGMENT.test(s) && !climbs(s))) return segments;
  throw new Malformed(
    `${shown(key)} cannot be a key of evidence: use segments of A-Z a-z 0-9 . _ # = - joined by /, none of them . or ..`,
  );
};

/** Throws Malformed unless keys of evidence can begin with `prefix`, which may end anywhere. */
export const checkKeyPrefix = (prefix: string): void => {
  const closed = prefix.split('/').slice(0, -1);
  if (LISTED.test(prefix) && closed.every((s) => s !== '' && !climbs(s))) return;
  throw new Malformed(`No key of evidence begins with ${shown(prefix)}: use segments of A-Z a-z 0-9 . _ # = -`);
};
