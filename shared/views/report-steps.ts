import { z } from 'zod';
import { Malformed } from '../errors.ts';
import type { Entry } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import { type HostRef, hostsOf, type OwnerRef, type PodSubject } from '../model/subject.ts';
import { beforeOf } from './before-image.ts';

/** An entry of the journal with its subject. The getters throw Malformed where the document does not contain it. */
export type ReportStep = {
  entry: Entry;
  incident: Incident;
  /** Its own before-image, or that of the host or namespace that it shares with other incidents. */
  before: unknown;
  pod(): PodSubject;
  host(): HostRef;
  owner(): { owner: OwnerRef; namespace: string };
};

const needed = <T>(what: string, found: T | undefined): T => {
  if (found === undefined) throw new Malformed(`the incident does not say any more which ${what} that was`);
  return found;
};

/**
 * What an entry's before-image says that its command needs. A dry run records none, and a step that could not even read
 * none either: a command made without it would do less than the step, and look like all of it.
 */
export const imageIn = <T>(schema: z.ZodType<T>, { before }: Pick<ReportStep, 'before'>): T => {
  const read = schema.safeParse(before);
  if (read.success) return read.data;
  throw new Malformed('what was there before was not recorded, so no command can be given');
};

const labels = z.record(z.string(), z.string());
/** The labels that a pod had before its quarantine, and those that it must keep. */
export const quarantined = z.looseObject({ labels, keep: labels.default({}) });

const hostIn = ({ subjects }: Incident, uid: string): HostRef | undefined =>
  subjects.flatMap(hostsOf).find(({ id }) => id === uid);

const ownerIn = ({ subjects }: Incident, uid: string): { owner: OwnerRef; namespace: string } | undefined => {
  for (const s of subjects) {
    if (s.kind === 'node') continue;
    const found = (s.kind === 'workload' ? [s.owner] : s.owners).find((owner) => owner.uid === uid);
    if (found !== undefined) return { owner: found, namespace: s.namespace };
  }
  const bare = subjects.find((s) => s.kind === 'pod' && s.uid === uid);
  return bare?.kind === 'pod'
    ? { owner: { apiVersion: 'v1', kind: 'Pod', name: bare.name, uid }, namespace: bare.namespace }
    : undefined;
};

/** An entry with its subject, as recorded in the incident. */
export const reportStep = (entry: Entry, incident: Incident, hosts: ReadonlyMap<string, Host>): ReportStep => ({
  entry,
  incident,
  before: beforeOf(entry, hosts) ?? {},
  pod: () => {
    const found = incident.subjects.find((s) => s.kind === 'pod' && s.uid === entry.uid);
    return needed('pod', found?.kind === 'pod' ? found : undefined);
  },
  host: () => needed('node', hostIn(incident, entry.uid)),
  owner: () => needed('controller', ownerIn(incident, entry.uid)),
});
