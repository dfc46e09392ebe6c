import { z } from 'zod';
import { errorOf, isMissing } from './kubernetes-errors.ts';
import { kindPart, type Resource, versionPath } from './kubernetes-paths.ts';
import type { Wire } from './kubernetes-wire.ts';

const PLURAL = /^[a-z][-a-z0-9]{0,62}$/;

const resourceList = z.looseObject({
  resources: z.array(z.looseObject({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

export type Discovery = (apiVersion: string, kind: string) => Promise<Resource | undefined>;

/**
 * Asks the server for the resource behind a kind, once per API version. A kind that was not found is asked for again,
 * since custom kinds come and go; questions at the same time share one answer. undefined: the server does not have the
 * kind.
 */
export const makeDiscovery = (wire: Wire): Discovery => {
  type Kinds = ReadonlyMap<string, Resource>;
  const known = new Map<string, Kinds>();
  const asked = new Map<string, Promise<Kinds>>();

  const read = async (apiVersion: string, path: string): Promise<Kinds> => {
    const answer = await wire({ method: 'GET', path });
    if (isMissing(answer)) return NONE;
    const parsed = resourceList.safeParse(answer.body);
    if (answer.status !== 200 || !parsed.success) throw errorOf(answer, `list the resources of ${apiVersion}`);
    const resources = parsed.data.resources
      // `pods/log` and other subresources have kinds too, but hold no objects.
      .filter((r) => PLURAL.test(r.name))
      .map((r): [string, Resource] => [r.kind, { plural: r.name, namespaced: r.namespaced }]);
    const kinds = new Map(resources);
    known.set(apiVersion, kinds);
    return kinds;
  };

  return async (apiVersion, kind) => {
    kindPart(kind);
    const path = versionPath(apiVersion);
    const found = known.get(apiVersion)?.get(kind);
    if (found !== undefined) return found;
    const asking = asked.get(apiVersion) ?? read(apiVersion, path).finally(() => void asked.delete(apiVersion));
    asked.set(apiVersion, asking);
    return (await asking).get(kind);
  };
};

const NONE: ReadonlyMap<string, Resource> = new Map();
