import type { Deployment } from './deployment.ts';
import type { Answer, Asked } from './stand-in-answers.ts';

const GROUPS: Record<string, Array<{ name: string; kind: string; namespaced: boolean }>> = {
  'api/v1': [
    { name: 'namespaces', kind: 'Namespace', namespaced: false },
    { name: 'nodes', kind: 'Node', namespaced: false },
  ],
  'apis/rbac.authorization.k8s.io/v1': [
    { name: 'clusterroles', kind: 'ClusterRole', namespaced: false },
    { name: 'clusterrolebindings', kind: 'ClusterRoleBinding', namespaced: false },
    { name: 'roles', kind: 'Role', namespaced: true },
    { name: 'rolebindings', kind: 'RoleBinding', namespaced: true },
  ],
  'apis/admissionregistration.k8s.io/v1': [
    { name: 'validatingadmissionpolicies', kind: 'ValidatingAdmissionPolicy', namespaced: false },
    { name: 'validatingadmissionpolicybindings', kind: 'ValidatingAdmissionPolicyBinding', namespaced: false },
  ],
};

/** The answer of an API server for what it does not have. */
const NOT_FOUND: Answer = { status: 404, body: { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 } };
const found = (body: unknown): Answer => (body === undefined ? NOT_FOUND : { status: 200, body });

/** The API server of a cluster: discovery, and objects by name. */
export const kubernetes = (deployment: Deployment, asked: Asked, cluster = '', path = ''): Answer => {
  const objects = deployment.clusters[cluster]?.objects;
  const group = Object.keys(GROUPS).find((one) => path === one || path.startsWith(`${one}/`));
  if (objects === undefined || group === undefined || asked.method !== 'GET') return NOT_FOUND;
  const resources = GROUPS[group] ?? [];
  if (path === group) return found({ kind: 'APIResourceList', resources });
  if (path === `${group}/nodes`)
    return found({ kind: 'NodeList', metadata: {}, items: objects.filter(({ kind }) => kind === 'Node') });
  const [, namespace, plural, name] =
    /^(?:namespaces\/([^/]+)\/)?([a-z]+)\/([^/]+)$/.exec(path.slice(group.length + 1)) ?? [];
  const kind = resources.find((one) => one.name === plural)?.kind;
  return found(
    objects.find((one) => {
      const metadata = Object(one.metadata);
      return one.kind === kind && metadata.name === name && metadata.namespace === namespace;
    }),
  );
};
