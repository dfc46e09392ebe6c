/** The parts of a request that determine its route; `path` is without query. */
type Asked = { method: string; path: string; contentType?: string };

const PATCHES: Readonly<Record<string, string>> = {
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/json-patch+json': 'json',
};

/** Groups whose names end like those of Kubernetes' own, but that come with custom resource definitions. */
const CUSTOM = ['policy.networking.k8s.io'];

/** Whether a group is Kubernetes' own. All other groups hold custom kinds, whose routes count as the same. */
const isBuiltIn = (group: string): boolean =>
  !group.includes('.') || (group.endsWith('.k8s.io') && !CUSTOM.includes(group));

const isStatusOfNamespace = (rest: readonly string[]): boolean => rest.length === 1 && rest[0] === 'status';

/** The route below group and version, from the path's segments: `namespaces/{namespace}/pods/{name}/log`. */
const below = (segments: readonly string[], custom: boolean): string[] => {
  const [first, namespace, ...rest] = segments;
  const inside = first === 'namespaces' && namespace !== undefined && rest.length > 0 && !isStatusOfNamespace(rest);
  const [plural, name, ...more] = inside ? rest : segments;
  return [
    ...(inside ? ['namespaces', '{namespace}'] : []),
    ...(plural === undefined ? [] : [custom ? '{plural}' : plural]),
    ...(name === undefined ? [] : ['{name}']),
    ...more,
  ];
};

/**
 * The route of a request: its method, the type of a patch, and its path with placeholders for names. undefined for a
 * patch of an unknown type, which has no route.
 */
export const routeOf = ({ method, path, contentType = '' }: Asked): string | undefined => {
  const type = PATCHES[contentType.split(';')[0] ?? ''];
  if (method === 'PATCH' && type === undefined) return undefined;
  const [root = '', ...segments] = path.split('/').filter((s) => s !== '');
  const [group = '', ...versioned] = root === 'apis' ? segments : ['', ...segments];
  const [version, ...rest] = versioned;
  const custom = !isBuiltIn(group);
  const parts = [
    root,
    ...(root === 'apis' && group !== '' ? [custom ? '{group}' : group] : []),
    ...(version === undefined ? [] : [custom ? '{version}' : version]),
    ...below(rest, custom),
  ];
  return [method, ...(method === 'PATCH' && type !== undefined ? [type] : []), `/${parts.join('/')}`].join(' ');
};
