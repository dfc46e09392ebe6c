import type { Access, Place, Right } from '../access.ts';
import { CONSOLE_EXHIBIT, DATABASES } from '../deployment.ts';
import { memberOf } from './bindings.ts';
import type { Binding } from './readers.ts';

/** A role that an identity holds: where, under which condition, and its permissions. */
export type Held = {
  role: string;
  on: 'project' | 'network' | 'evidence';
  condition?: string;
  /** Undefined where the role cannot be read. */
  permissions: readonly string[] | undefined;
};

/** The roles that bindings grant to an identity. */
export const heldBy = (
  account: string,
  on: Held['on'],
  bindings: readonly Binding[],
  permissionsOf: ReadonlyMap<string, readonly string[] | undefined>,
): Held[] =>
  bindings
    .filter(({ members }) => members.includes(memberOf(account)))
    .map(({ role, condition }) => ({
      role,
      on,
      permissions: permissionsOf.get(role),
      ...(condition === undefined ? {} : { condition }),
    }));

const isDatabase = (place: Place): place is keyof typeof DATABASES => Object.hasOwn(DATABASES, place);

/** The name of a VM begins as the names of nodes do, or the call gives an id, as terraform/iam.tf writes it. */
const NODE = String.raw`resource\.name\.extract\("/instances/\{name\}"\)\.startsWith\("([a-z][a-z0-9-]{2,}|[1-9])"\)`;

/** The conditions that Terraform writes for a place. A condition with anything added may allow more. */
const CONDITIONS = {
  incidents: new RegExp(`^resource\\.name == "projects/[^"/]+/databases/${DATABASES.incidents}"$`),
  memory: new RegExp(`^resource\\.name == "projects/[^"/]+/databases/${DATABASES.memory}"$`),
  nodes: new RegExp(`^${NODE}( \\|\\| ${NODE})*$`),
  exhibit: new RegExp(`^resource\\.name\\.endsWith\\("${CONSOLE_EXHIBIT.replace('.', '\\.')}"\\)$`),
};

/**
 * Whether a role is granted in the place where a right is needed, and not more widely, as far as the condition shows.
 */
const fits = ({ on, condition }: Held, place: Place): boolean => {
  const isAs = (expected: RegExp): boolean => condition !== undefined && expected.test(condition);
  if (isDatabase(place) || place === 'nodes') return on === 'project' && isAs(CONDITIONS[place]);
  if (place === 'network') return on === 'network' || (on === 'project' && condition === undefined);
  if (place === 'evidence') return on === 'evidence' && condition === undefined;
  if (place === 'exhibit') return on === 'evidence' && isAs(CONDITIONS.exhibit);
  return on === 'project' && condition === undefined;
};

/**
 * Whether the check can find out if a right is granted. It does not read the policies of the nodes' service accounts,
 * where rights are granted only on demand.
 */
const isReadable = ({ on }: Right): boolean => on !== 'node-accounts';

/** Rights that no role grants. Rights that are granted only on demand do not count as missing. */
export const missing = ({ rights }: Access, held: readonly Held[]): Right[] =>
  rights.filter(
    (right) =>
      right.when === undefined &&
      isReadable(right) &&
      !held.some((one) => fits(one, right.on) && one.permissions?.includes(right.permission) === true),
  );

/** Roles that grant more than is needed, or more widely than needed, each with its superfluous permissions. */
export const surplus = ({ rights }: Access, held: readonly Held[]): Array<{ held: Held; permissions: string[] }> =>
  held.flatMap((one) => {
    const needed = new Set(rights.filter(({ on }) => fits(one, on)).map(({ permission }) => permission));
    const permissions = (one.permissions ?? []).filter((permission) => !needed.has(permission));
    return permissions.length === 0 ? [] : [{ held: one, permissions }];
  });
