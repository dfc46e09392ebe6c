import { apiVersionOf, type Kinds } from './kinds.ts';
import type { Fields } from './objects.ts';
import { noRoute } from './refusal.ts';

const VERBS = ['create', 'delete', 'get', 'list', 'patch'];
const SUBRESOURCE_VERBS: Record<string, string[]> = {
  eviction: ['create'],
  log: ['get'],
  status: ['get', 'patch'],
  ephemeralcontainers: ['get', 'patch'],
};

/** Answers `/api`, `/apis`, `/apis/GROUP` and the resource list of a group version; 404 for any other. */
export const discover = (kinds: Kinds, group: string | undefined, version: string | undefined): Fields => {
  const groups = [...new Set(kinds.all().map((k) => k.group))].filter((g) => g !== '');
  const describeGroup = (name: string): Fields => {
    const versions = [
      ...new Set(
        kinds
          .all()
          .filter((k) => k.group === name)
          .map(apiVersionOf),
      ),
    ];
    const listed = versions.map((groupVersion) => ({ groupVersion, version: groupVersion.split('/').at(-1) }));
    return { name, versions: listed, preferredVersion: listed[0] };
  };
  if (version === undefined) {
    if (group === '') return { kind: 'APIVersions', versions: ['v1'] };
    if (group === undefined) return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(describeGroup) };
    if (!groups.includes(group)) throw noRoute();
    return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group) };
  }
  const served = kinds.all().filter((k) => k.group === (group ?? '') && k.version === version);
  const first = served[0];
  if (first === undefined) throw noRoute();
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(first),
    resources: served.flatMap((k) => [
      { name: k.plural, singularName: k.kind.toLowerCase(), namespaced: k.namespaced, kind: k.kind, verbs: VERBS },
      ...k.subresources.map((sub) => ({
        name: `${k.plural}/${sub}`,
        singularName: '',
        namespaced: k.namespaced,
        kind: sub === 'eviction' ? 'Eviction' : k.kind,
        verbs: SUBRESOURCE_VERBS[sub] ?? [],
        ...(sub === 'eviction' ? { group: 'policy', version: 'v1' } : {}),
      })),
    ]),
  };
};
