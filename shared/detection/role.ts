import { at, type Loose, record, records, texts } from '../kubernetes/loose.ts';
import { type CallSignal, type Calls, CHANGES, WRITES } from './calls.ts';

/** A right that a role gives: `resources` as RBAC writes them, `pods/exec`. */
export type Right = { verbs: string[]; groups: string[]; resources: string[] };

/** A role that a call writes. `everywhere`: in every namespace, where it is bound so. */
export type Role = { rights: Right[]; everywhere: boolean };

const GROUP = 'rbac.authorization.k8s.io';
const ROLES = ['clusterroles', 'roles'].map((name) => `${GROUP}/${name}`);
const BINDINGS = ['clusterrolebindings', 'rolebindings'].map((name) => `${GROUP}/${name}`);

/** Roles that are written. */
export const ROLE_WRITES: readonly Calls[] = [{ resources: ROLES, verbs: WRITES }];

/** Every change of who may do what. */
export const RBAC_CHANGES: readonly Calls[] = [{ resources: [...ROLES, ...BINDINGS], verbs: CHANGES }];

/** The role that a call writes; undefined where nothing shows it, or a patch leaves the rights as they were. */
export const roleOf = ({ call, request, response }: CallSignal): Role | undefined => {
  if (call.verb === 'patch' && isOther(request)) return undefined;
  const body = [request, response].find((one) => Array.isArray(one?.rules));
  if (body === undefined) return undefined;
  const rights = records(body.rules).map((rule) => ({
    verbs: texts(rule.verbs),
    groups: texts(rule.apiGroups),
    resources: texts(rule.resources),
  }));
  return { rights, everywhere: call.resource === 'clusterroles' };
};

/** Whether a patch shows that it changes something else. */
const isOther = (patch: Loose | undefined): boolean =>
  record(at(patch, 'metadata')) !== undefined && !Array.isArray(patch?.rules);

/** Whether a right has one of these verbs, by name or by `*`. */
export const hasVerb = ({ verbs }: Right, ...wanted: string[]): boolean =>
  verbs.some((verb) => verb === '*' || wanted.includes(verb));

/** Whether a right is about one of these API groups, by name or by `*`; one that names none is written for all. */
export const hasGroup = ({ groups }: Right, ...wanted: string[]): boolean =>
  groups.length === 0 || groups.some((group) => group === '*' || wanted.includes(group));

// As RBAC reads them. To it `pods/*` is a name like another, of nothing.
/** Those of these resources that a right is about: by name, by `*`, or by `*` before the part of an object that it is. */
export const resourcesIn = ({ resources }: Right, wanted: readonly string[]): string[] =>
  wanted.filter((one) => {
    const part = one.indexOf('/');
    return resources.some(
      (resource) => resource === one || resource === '*' || (part >= 0 && resource === `*${one.slice(part)}`),
    );
  });
