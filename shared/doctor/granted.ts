import type { Access, Place, Right } from '../access.ts';
import { CONSOLE_EXHIBIT, DATABASES } from '../deployment.ts';
import type { Binding } from './readers.ts';

/** A role that an identity holds: where, under which condition, and what it permits. */
export type Held = {
  role: string;
  on: 'project' | 'network' | 'evidence';
  condition?: string;
  /** undefined: the role cannot be read. */
  permissions: readonly string[] | undefined;
};

/** The roles that bindings give to an identity. */
export const heldBy = (
  account: string,
  on: Held['on'],
  bindings: readonly Binding[],
  permissionsOf: ReadonlyMap<string, readonly string[] | undefined>,
): Held[] =>
  bindings
    .filter(({ members }) => members.includes(`serviceAccount:${account}`))
    .map(({ role, condition }) => ({
      role,
      on,
      permissions: permissionsOf.get(role),
      ...(condition === undefined ? {} : { condition }),
    }));

const isDatabase = (place: Place): place is keyof typeof DATABASES => Object.hasOwn(DATABASES, place);

/** Whether a role gives a right where it is needed, and no further where that can be told. */
const fits = ({ on, condition }: Held, place: Place): boolean => {
  if (isDatabase(place)) return on === 'project' && condition?.includes(`/databases/${DATABASES[place]}"`) === true;
  if (place === 'nodes') return on === 'project' && condition !== undefined;
  if (place === 'network') return on === 'network' || (on === 'project' && condition === undefined);
  if (place === 'evidence') return on === 'evidence' && condition === undefined;
  if (place === 'exhibit') return on === 'evidence' && condition?.includes(`"${CONSOLE_EXHIBIT}"`) === true;
  return on === 'project' && condition === undefined;
};

/** The service accounts of nodes are asked for one by one, where they are wanted at all. */
const isReadable = ({ on }: Right): boolean => on !== 'node-accounts';

/** Rights that nothing gives; what is only granted where it is wanted is not missed. */
export const missing = ({ rights }: Access, held: readonly Held[]): Right[] =>
  rights.filter(
    (right) =>
      right.when === undefined &&
      isReadable(right) &&
      !held.some((one) => fits(one, right.on) && one.permissions?.includes(right.permission) === true),
  );

/** Roles that give what is not needed, or more widely than it is needed, each with what is too much. */
export const surplus = ({ rights }: Access, held: readonly Held[]): Array<{ held: Held; permissions: string[] }> =>
  held.flatMap((one) => {
    const needed = new Set(rights.filter(({ on }) => fits(one, on)).map(({ permission }) => permission));
    const permissions = (one.permissions ?? []).filter((permission) => !needed.has(permission));
    return permissions.length === 0 ? [] : [{ held: one, permissions }];
  });
