import { at, type Loose, record, records, texts } from '../kubernetes/loose.ts';
import { isSystemNamespace } from '../kubernetes/namespaces.ts';
import { changesAny, mergesOf } from '../kubernetes/patch.ts';
import { type CallSignal, type Calls, CHANGES, WRITES } from './calls.ts';
import { BINDINGS, ROLES } from './resources.ts';

/** A right that a role grants. `resources` are written as in RBAC: `pods/exec`. */
export type Right = { verbs: string[]; groups: string[]; resources: string[] };

/**
 * A role that a call writes. `everywhere`: it is a ClusterRole, which may be bound in every namespace, or of a system
 * namespace, whose accounts have rights over the whole cluster.
 */
type Role = { rights: Right[]; everywhere: boolean };

/** Writes of roles. */
export const ROLE_WRITES: readonly Calls[] = [{ resources: ROLES, verbs: WRITES }];

/** Every change of roles and bindings. */
export const RBAC_CHANGES: readonly Calls[] = [{ resources: [...ROLES, ...BINDINGS], verbs: CHANGES }];

/** The role that a call writes; undefined where its rules are in no body, or a patch leaves them unchanged. */
export const roleOf = ({ call, request, response }: CallSignal): Role | undefined => {
  if (call.verb === 'patch' && isOther(request)) return undefined;
  const whole = [request, response].find((one) => Array.isArray(one?.rules));
  const bodies = whole === undefined ? mergesOf(request).filter(({ rules }) => Array.isArray(rules)) : [whole];
  if (bodies.length === 0) return undefined;
  const rights = bodies
    .flatMap(({ rules }) => records(rules))
    .map((rule) => ({
      verbs: texts(rule.verbs),
      groups: texts(rule.apiGroups),
      resources: texts(rule.resources),
    }));
  return { rights, everywhere: call.resource === 'clusterroles' || isSystemNamespace(call.namespace ?? '') };
};

/** The label by which the rules of a role also become those of admin, edit or view. */
const AGGREGATES = 'rbac.authorization.k8s.io/aggregate-to-';

/** Whether a patch visibly changes something other than the rules, and other than who has them by aggregation. */
const isOther = (patch: Loose | undefined): boolean =>
  Array.isArray(patch?.patch)
    ? !changesAny(patch.patch, ['rules']) && !mergesOf(patch).some(aggregates)
    : record(at(patch, 'metadata')) !== undefined && !Array.isArray(patch?.rules) && !aggregates(patch);

const aggregates = (body: Loose | undefined): boolean =>
  Object.entries(record(at(body, 'metadata', 'labels')) ?? {}).some(
    ([label, value]) => value === 'true' && label.startsWith(AGGREGATES),
  );

/** Whether a right has one of these verbs, by name or by `*`. */
export const hasVerb = ({ verbs }: Right, ...wanted: string[]): boolean =>
  verbs.some((verb) => verb === '*' || wanted.includes(verb));

/**
 * Whether a right covers one of these API groups, by name or by `*`; a right that lists no groups counts as covering
 * all.
 */
export const hasGroup = ({ groups }: Right, ...wanted: string[]): boolean =>
  groups.length === 0 || groups.some((group) => group === '*' || wanted.includes(group));

/**
 * The resources among `wanted` that a right covers: by name, by `*`, or by `*` before their subresource. `pods/*` is no
 * pattern of RBAC, but the name of a resource that does not exist.
 */
export const resourcesIn = ({ resources }: Right, wanted: readonly string[]): string[] =>
  wanted.filter((one) => {
    const part = one.indexOf('/');
    return resources.some(
      (resource) => resource === one || resource === '*' || (part >= 0 && resource === `*${one.slice(part)}`),
    );
  });
