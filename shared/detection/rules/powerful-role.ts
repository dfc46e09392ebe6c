import { callRule } from '../call-rule.ts';
import { shownDeed } from '../claim.ts';
import { RBAC } from '../resources.ts';
import { hasGroup, hasVerb, type Right, ROLE_WRITES, resourcesIn, roleOf } from '../role.ts';

/** Resources through which one runs commands in, or reaches, what others own. */
const REACH = ['pods/exec', 'pods/attach', 'nodes/proxy', 'serviceaccounts/token'];
/** Resources through which one adds a container to the pods of others. */
const JOIN = ['pods/ephemeralcontainers'];
/** A resource through which one lets the cluster sign a certificate in the name of somebody else. */
const SIGNS = ['certificatesigningrequests/approval'];
/** Resources through which one creates pods: whoever does can use the service accounts of their namespace. */
const MAKES = ['pods', 'deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs', 'replicasets'];

/** Objects by which one gives rights, and by which one changes or reads what others write. */
const RULES: ReadonlyArray<readonly [group: string, resources: readonly string[]]> = [
  [RBAC, ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings']],
  ['admissionregistration.k8s.io', ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']],
];

/** A role that gives access to the rest of a cluster. */
export const powerfulRole = callRule({
  id: 'powerful-role',
  title: 'Role with access to pods, tokens or secrets',
  sees: 'A Role or ClusterRole that is written with a right to run commands in pods, add containers to pods, reach kubelets, make tokens, approve certificates, or (as a ClusterRole or in a system namespace) read secrets: medium; one that can write workloads, rights or admission webhooks: low 0.40.',
  why: 'Each of these rights leads to the rights of other identities.',
  technique: [
    { id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' },
    { id: 'T1552.007', name: 'Unsecured Credentials: Container API' },
  ],
  severity: 'medium',
  confidence: 0.6,
  family: 'rbac',
  falsePositives: ['Roles for CI', 'Operators', 'Ingress controllers, which read secrets'],
  calls: ROLE_WRITES,
  example: 'kubectl create clusterrole reader --verb=get,list --resource=secrets',
  match: (signal) => {
    const role = roleOf(signal);
    if (role === undefined) return undefined;
    const sentence = (what: string[]): string =>
      `${shownDeed(signal, 'wrote', 'write')}, which gives rights over ${[...new Set(what)].join(', ')}`;
    const reach = role.rights.flatMap((right) => reachOf(right, role.everywhere));
    if (reach.length > 0) return { because: [sentence(reach)] };
    const makes = role.everywhere
      ? role.rights
          .filter((right) => hasVerb(right, 'create', 'update', 'patch'))
          .flatMap((one) => [
            ...resourcesIn(one, MAKES),
            ...RULES.flatMap(([group, resources]) => (hasGroup(one, group) ? resourcesIn(one, resources) : [])),
          ])
      : [];
    return makes.length === 0 ? undefined : { because: [sentence(makes)], severity: 'low', confidence: 0.4 };
  },
});

const reachOf = (right: Right, everywhere: boolean): string[] => [
  ...(hasVerb(right, 'create', 'get') ? resourcesIn(right, REACH) : []),
  ...(hasVerb(right, 'update', 'patch') ? resourcesIn(right, everywhere ? [...JOIN, ...SIGNS] : JOIN) : []),
  ...(everywhere && hasVerb(right, 'get', 'list', 'watch') ? resourcesIn(right, ['secrets']) : []),
];
