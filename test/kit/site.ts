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
 * A cluster under test with the seeded shop, simulated or real. Firebreak's identities hold exactly the rights that
 * `firebreak rbac` prints.
 */
export type Site = {
  /** The ports of contain. */
  bench: Bench;
  /** The ports with which decide resolves targets. */
  decide: ResolvePorts;
  /** Clients with all rights. */
  admin: { reader: ClusterReader; writer: ClusterWriter };
  /** The VMs under the nodes, and the container API's description of the cluster. */
  world: World;
  /** The name that a seeded namespace has on this site. */
  space(name: string): string;
  /** Logs of containers, by `namespace/pod/container`. */
  logs: Map<string, string>;
  /** Lets controllers, scheduler and kubelets act. */
  play(): Promise<void>;
  stop(): Promise<void>;
};

/** Opens a new site, unaffected by earlier ones. */
export type OpenSite = () => Promise<Site>;

/**
 * The first pod of a seeded namespace whose name starts with `start`; `beside`: on the same node as the first pod with
 * that start.
 */
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

/** The subjects that decide resolves for a target in a seeded namespace, with decide's own rights. */
export const siteSubjects = async (site: Site, space: string, named: Partial<Target>): Promise<Subject[]> => {
  const target: Target = { ...SHOP, namespace: site.space(space), ...named };
  const at = timeOf(site.decide.clock.now() + 60_000);
  const resolved = await resolve(site.decide, target, at, { labelKeys: [], attribute: false });
  if ('refused' in resolved) throw new Error(resolved.refused);
  if (resolved.notes.length > 0) throw new Error(resolved.notes.join('; '));
  return resolved.subjects;
};

/** The current state of an object in a seeded namespace; throws if it does not exist. */
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

/** Changes an object as somebody other than Firebreak. */
export const siteEdit = async (site: Site, object: KubeObject, body: unknown): Promise<void> => {
  const { apiVersion, kind, metadata } = object;
  const place = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  await site.admin.writer.patch({ apiVersion, kind, name: metadata.name, ...place }, { type: 'merge', body });
};
