import type { Entry } from '../model/entry.ts';
import type { Host } from '../model/host.ts';

/**
 * The before-image of an entry: its own, or that of the host or namespace that it shares; undefined where none is kept.
 */
export const beforeOf = (entry: Entry, hosts: ReadonlyMap<string, Host>): Entry['before'] =>
  entry.before ??
  (entry.host === undefined
    ? undefined
    : hosts.get(entry.host)?.journal.find((e) => e.step === entry.step && e.uid === entry.uid)?.before);
