import { SHOP } from '../../local/world/seed.ts';
import type { World } from '../../local/world/world.ts';
import { resolve } from '../../shared/decision/resolve.ts';
import type { ResolvePorts } from '../../shared/decision/resolve-host.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Subject } from '../../shared/model/subject.ts';
import type { Target } from '../../shared/model/target.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { ClusterReader, ClusterWriter } from '../../shared/ports.ts';
import type { Bench } from './containment.ts';

/**
 * A cluster under test with the seeded shop in it, whoever serves it. Our identities hold in it what `firebreak rbac`
 * prints, and nothing else.
 */
export type Site = {
  /** What contain works with. */
  bench: Bench;
  /** What decide resolves with. */
  decide: ResolvePorts;
  /** May do everything. */
  admin: { reader: ClusterReader; writer: ClusterWriter };
  /** The VMs under the nodes, and what the container API says of the cluster. */
  world: World;
  /** The name that a seeded namespace has here. */
  space(name: string): string;
  /** What a container has written, by `namespace/pod/container`. */
  logs: Map<string, string>;
  /** Lets controllers, scheduler and kubelets act. */
  play(): Promise<void>;
  stop(): Promise<void>;
};

/** Opens a site anew: nothing of an earlier one is in the way. */
export type OpenSite = () => Promise<Site>;

/** The first pod of a seeded namespace whose name starts so; `beside`: on the node of the first of another name. */
export const sitePod = async (site: Site, space: string, start: string, beside?: string): Promise<KubeObject> => {
  const pods = await site.admin.reader.list({ apiVersion: 'v1', kind: 'Pod', namespace: site.space(space) });
  const node = beside === undefined ? undefined : (await sitePod(site, space, beside)).spec?.nodeName;
  const found = pods.find(
    ({ metadata, spec }) =>
      metadata.name.startsWith(start) &&
      metadata.deletionTimestamp === undefined &&
      (node === undefined || spec?.nodeName === node),
  );
  if (found === undefined) throw new Error(`there is no pod ${space}/${start}`);
  return found;
};

/** What decide makes of a target in a seeded namespace, under decide's own rights. */
export const siteSubjects = async (site: Site, space: string, named: Partial<Target>): Promise<Subject[]> => {
  const target: Target = { ...SHOP, namespace: site.space(space), ...named };
  const at = timeOf(site.decide.clock.now() + 60_000);
  const resolved = await resolve(site.decide, target, at, { labelKeys: [], attribute: false });
  if ('refused' in resolved) throw new Error(resolved.refused);
  if (resolved.notes.length > 0) throw new Error(resolved.notes.join('; '));
  return resolved.subjects;
};

/** An object of a seeded namespace as it is now; throws where there is none. */
export const siteObject = async (
  site: Site,
  apiVersion: string,
  kind: string,
  space: string | undefined,
  name: string,
): Promise<KubeObject> => {
  const place = space === undefined ? {} : { namespace: site.space(space) };
  const found = await site.admin.reader.get({ apiVersion, kind, name, ...place });
  if (found === undefined) throw new Error(`there is no ${kind} ${space ?? ''}/${name}`);
  return found;
};

/** Changes an object as somebody other than us. */
export const siteEdit = async (site: Site, object: KubeObject, body: unknown): Promise<void> => {
  const { apiVersion, kind, metadata } = object;
  const place = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  await site.admin.writer.patch({ apiVersion, kind, name: metadata.name, ...place }, { type: 'merge', body });
};
