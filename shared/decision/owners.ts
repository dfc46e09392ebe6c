import { Conflict, Denied, Malformed, sentenceOf, Transient } from '../errors.ts';
import { isBuiltInController } from '../kubernetes/built-in.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { OwnerRef } from '../model/subject.ts';
import type { ClusterReader } from '../ports.ts';

/** The chain of controllers, nearest first; `unread`: why it stops before its top, in a sentence. */
export type Owners = { owners: OwnerRef[]; unread?: string };

const DEPTH = 10;

/** The controller of an object. A mirror pod's Node is no controller: it stands for itself. */
export const controllerOf = ({ metadata }: KubeObject): OwnerRef | undefined => {
  const references = metadata.ownerReferences ?? [];
  const only = references.length === 1 ? references[0] : undefined;
  const found = references.find((r) => r.controller === true) ?? only;
  if (found === undefined || found.kind === 'Node') return undefined;
  return { apiVersion: found.apiVersion, kind: found.kind, name: found.name, uid: found.uid };
};

type Read = { object: KubeObject } | { unread: string };

/**
 * Whether an owner that could not be read is left at that. Anyone may name any kind as the owner of a pod, one included
 * whose service has been gone for years: only what the API server itself answers for will be there at another try.
 */
const isLeft = (thrown: unknown, owner: OwnerRef): boolean =>
  thrown instanceof Denied ||
  thrown instanceof Malformed ||
  (!isBuiltInController(owner) && (thrown instanceof Transient || thrown instanceof Conflict));

const readOwner = async (reader: ClusterReader, owner: OwnerRef, namespace: string | undefined): Promise<Read> => {
  const { apiVersion, kind, name, uid } = owner;
  const what = `${kind} ${name}`;
  try {
    const found = await reader.get({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
    if (found === undefined) return { unread: `its ${what} is not there, so the chain of controllers stops at it` };
    return found.metadata.uid === uid
      ? { object: found }
      : { unread: `its ${what} is another object of that name by now` };
  } catch (thrown) {
    if (!isLeft(thrown, owner)) throw thrown;
    return { unread: `its ${what} cannot be read, so the chain of controllers stops at it: ${sentenceOf(thrown)}` };
  }
};

/**
 * Reads chains of controllers, kinds that nobody knows beforehand included, each controller once. An owner that cannot
 * be read is part of the chain and its end; throws only what is unknown, and Transient for Kubernetes' own controllers.
 */
export const makeOwnersOf = (reader: ClusterReader): ((object: KubeObject) => Promise<Owners>) => {
  const known = new Map<string, Promise<Read>>();
  const read = (owner: OwnerRef, namespace: string | undefined): Promise<Read> => {
    const found = known.get(owner.uid) ?? readOwner(reader, owner, namespace);
    known.set(owner.uid, found);
    return found;
  };
  return async (object: KubeObject): Promise<Owners> => {
    const { namespace } = object.metadata;
    const owners: OwnerRef[] = [];
    let next = controllerOf(object);
    while (next !== undefined) {
      if (owners.some((o) => o.uid === next?.uid))
        return { owners, unread: 'its controllers own each other in a circle' };
      if (owners.length === DEPTH) return { owners, unread: `it has more than ${DEPTH} controllers above it` };
      owners.push(next);
      const found: Read = await read(next, namespace);
      if ('unread' in found) return { owners, unread: found.unread };
      next = controllerOf(found.object);
    }
    return { owners };
  };
};
