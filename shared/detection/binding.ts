import { at, type Loose, records, text } from '../kubernetes/loose.ts';
import { isSystemNamespace } from '../kubernetes/namespaces.ts';
import { changesAny, mergesOf } from '../kubernetes/patch.ts';
import { isAnonymous } from '../kubernetes/principals.ts';
import { type CallSignal, type Calls, WRITES } from './calls.ts';
import { BINDINGS } from './resources.ts';

/** A binding that a call writes. `reach`: whether subjects stand for callers without a credential, or for everybody. */
export type Binding = {
  /** Undefined where no body names it: a refused patch of the subjects shows only these. */
  role: string | undefined;
  /** It grants every right in the whole cluster, or in a system namespace, or leads to it. */
  admin: boolean;
  /** It holds in all namespaces or in a system namespace, whose accounts have rights over the whole cluster. */
  wide: boolean;
  subjects: string[];
  reach: 'anonymous' | 'everybody' | 'named';
};

/** Writes of bindings. */
export const BINDING_WRITES: Calls = {
  resources: BINDINGS,
  verbs: WRITES,
};

/**
 * Roles whose owner is administrator of the cluster, or becomes it: by escalation, or with the token of any account.
 */
const ADMINISTRATORS = [
  'cluster-admin',
  'system:controller:clusterrole-aggregation-controller',
  'system:kube-controller-manager',
  'system:node',
];
const EVERYBODY = 'system:authenticated';
/** Kubernetes itself grants these to everybody: they show versions, and what the caller may do. */
const PUBLIC_ROLES = [
  'system:public-info-viewer',
  'system:discovery',
  'system:basic-user',
  'system:service-account-issuer-discovery',
];

/**
 * The binding that one of these calls writes; undefined where a patch leaves it unchanged, or no body names its role,
 * unless everybody gets it whatever it is.
 */
export const bindingOf = ({ call, request, response }: CallSignal): Binding | undefined => {
  if (call.verb === 'patch' && leaves(request)) return undefined;
  // The role of a binding never changes, so after a patch of the subjects the response still shows the right role.
  const role = roleIn(request) ?? roleIn(response) ?? (call.name === 'cluster-admin' ? call.name : undefined);
  const subjects =
    subjectsIn(request) ?? subjectsIn(response) ?? mergesOf(request).flatMap((merge) => subjectsIn(merge) ?? []);
  const reach = reachOf(subjects, role);
  if (role === undefined && reach === 'named') return undefined;
  const wide = call.resource === 'clusterrolebindings' || isSystemNamespace(call.namespace ?? '');
  return { role, admin: ADMINISTRATORS.includes(role ?? '') && wide, wide, subjects, reach };
};

const reachOf = (subjects: readonly string[], role = ''): Binding['reach'] => {
  if (PUBLIC_ROLES.includes(role)) return 'named';
  if (subjects.some(isAnonymous)) return 'anonymous';
  return subjects.includes(EVERYBODY) ? 'everybody' : 'named';
};

/** Whether a patch visibly changes neither role nor subjects. */
const leaves = (patch: Loose | undefined): boolean => {
  if (Array.isArray(patch?.patch)) return !changesAny(patch.patch, ['subjects', 'roleRef']);
  return (
    at(patch, 'metadata') !== undefined && at(patch, 'subjects') === undefined && at(patch, 'roleRef') === undefined
  );
};

const roleIn = (body: unknown): string | undefined => text(at(body, 'roleRef', 'name'));

const subjectsIn = (body: unknown): string[] | undefined => {
  const subjects = at(body, 'subjects');
  if (!Array.isArray(subjects)) return undefined;
  // A ServiceAccount may be called anything; it is not the group of that name.
  return records(subjects).flatMap((one) => (one.kind === 'ServiceAccount' ? named(one) : (text(one.name) ?? [])));
};

const named = (account: Loose): string =>
  `system:serviceaccount:${text(account.namespace) ?? ''}:${text(account.name) ?? ''}`;
