import { Conflict, Denied, Malformed, sentenceOf, Transient } from '../errors.ts';
import { controlsBySelector, isBuiltInController, mayControl } from '../kubernetes/built-in.ts';
import { selects } from '../kubernetes/label-selector.ts';
import { isKind, isSubdomain } from '../kubernetes/names.ts';
import type { KubeObject, ObjectRef } from '../kubernetes/object.ts';
import type { OwnerRef } from '../model/subject.ts';
import type { ClusterReader } from '../ports.ts';
import { plain } from '../text.ts';
import { keyOfClaim, keyOfUid } from './correlate.ts';

/**
 * The chain of controllers of an object. Whoever creates a pod writes its owner references, so a reference is believed
 * only if Kubernetes itself could have made it.
 */
export type Owners = {
  /** Nearest first. */
  owners: OwnerRef[];
  /** The last owner is of a custom kind and could not be read: it is only a claim of the object below it. */
  claimed?: true;
  /** Why the chain stops before its top, in a sentence. */
  unread?: string;
  /** Why the next reference is not believed, in a sentence: the chain ends before it. */
  disbelieved?: string;
};

const DEPTH = 10;

/** The controller that an object names. A mirror pod names its Node, which is no controller: the pod stands alone. */
export const controllerOf = ({ metadata }: KubeObject): OwnerRef | undefined => {
  const references = metadata.ownerReferences ?? [];
  const only = references.length === 1 ? references[0] : undefined;
  const found = references.find((r) => r.controller === true) ?? only;
  if (found === undefined || found.kind === 'Node') return undefined;
  return { apiVersion: found.apiVersion, kind: found.kind, name: found.name, uid: found.uid };
};

type Read = { object: KubeObject } | { unread: string };

/**
 * Whether an owner that could not be read is given up, instead of trying again later. Anyone may name any kind as the
 * owner of a pod, even one whose API service has been gone for years. Only the built-in kinds, which the API server
 * itself serves, can be expected to be readable at another try.
 */
const isLeft = (thrown: unknown, owner: OwnerRef): boolean =>
  thrown instanceof Denied ||
  thrown instanceof Malformed ||
  (!isBuiltInController(owner) && (thrown instanceof Transient || thrown instanceof Conflict));

/** A controller for display, cleaned: a reference holds whatever its writer likes. */
const shown = ({ kind, name }: Pick<OwnerRef, 'kind' | 'name'>): string => `${plain(kind, 63)} ${plain(name, 253)}`;

/**
 * Reads an owner. A single denial of a built-in kind is asked about again: the chain would end early, and the pod would
 * get an incident beside that of its workload.
 */
const getOwner = async (reader: ClusterReader, owner: OwnerRef, ref: ObjectRef): Promise<KubeObject | undefined> =>
  reader.get(ref).catch((thrown: unknown) => {
    if (thrown instanceof Denied && isBuiltInController(owner)) return reader.get(ref);
    throw thrown;
  });

/** What a chain needs of an owner. It is kept for as long as pods are looked at, and an owner may have a MiB. */
const namedBy = ({ annotations: _, managedFields: __, ...metadata }: KubeObject['metadata']): KubeObject['metadata'] =>
  metadata;

const readOwner = async (reader: ClusterReader, owner: OwnerRef, namespace: string | undefined): Promise<Read> => {
  const { apiVersion, kind, name, uid } = owner;
  const what = shown(owner);
  try {
    const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
    const found = await getOwner(reader, owner, ref);
    if (found === undefined) return { unread: `its ${what} does not exist, so the chain of controllers ends there` };
    return found.metadata.uid === uid
      ? { object: { apiVersion, kind, metadata: namedBy(found.metadata), spec: { selector: found.spec?.selector } } }
      : { unread: `its ${what} is now another object with that name` };
  } catch (thrown) {
    if (!isLeft(thrown, owner)) throw thrown;
    return { unread: `its ${what} cannot be read, so the chain of controllers ends there: ${sentenceOf(thrown)}` };
  }
};

const isReference = ({ apiVersion, kind, name, uid }: OwnerRef): boolean =>
  apiVersion.length <= 300 && isKind(kind) && isSubdomain(name) && /^[A-Za-z0-9-]{1,100}$/.test(uid);

/** Why Kubernetes cannot have made this reference, whatever the owner is; undefined if it can. */
const wrongOf = (owner: OwnerRef, owned: KubeObject): string | undefined => {
  if (!isReference(owner)) return 'with names that no object can have';
  return mayControl(owner, owned) ? undefined : `but a ${owner.kind} does not control a ${owned.kind}`;
};

/** Whether a controller keeps the object: it lets go of objects that its selector, if it has one, does not match. */
const isTaken = (owner: KubeObject, { metadata }: KubeObject): boolean => {
  if (!controlsBySelector(owner)) return true;
  const selector = owner.spec?.selector;
  // The oldest kind has a plain map of labels instead of a label selector.
  const read = owner.kind === 'ReplicationController' ? { matchLabels: selector } : selector;
  return selects(read, metadata.labels ?? {});
};

const doubt = (owner: OwnerRef, owned: KubeObject, object: KubeObject, why: string): string =>
  `${owned === object ? 'it' : `its ${shown({ kind: owned.kind, name: owned.metadata.name })}`} names ${shown(owner)} as its controller, ${why}: this reference is ignored`;

/**
 * Reads chains of controllers of any kind, each controller once. A built-in controller is in a chain only if it was
 * read, its kind can own the object below it, and its selector matches that object. A custom kind has no selector that
 * we know, so it is believed; if it cannot be read, it ends the chain as a claim. Throws Transient and Conflict if a
 * built-in controller cannot be read, and any unexpected error.
 */
export const makeOwnersOf = (reader: ClusterReader): ((object: KubeObject) => Promise<Owners>) => {
  const known = new Map<string, Promise<Read>>();
  const read = (owner: OwnerRef, namespace: string | undefined): Promise<Read> => {
    // The key has all fields: a wrong reference with a real UID must not spoil the answer for the right one.
    const key = JSON.stringify([owner.apiVersion, owner.kind, namespace, owner.name, owner.uid]);
    const found = known.get(key) ?? readOwner(reader, owner, namespace);
    known.set(key, found);
    return found;
  };
  return async (object: KubeObject): Promise<Owners> => {
    const { namespace } = object.metadata;
    const owners: OwnerRef[] = [];
    let owned = object;
    for (let next = controllerOf(owned); next !== undefined; next = controllerOf(owned)) {
      const { uid } = next;
      if (owners.some((o) => o.uid === uid)) return { owners, unread: 'its controllers own each other in a cycle' };
      if (owners.length === DEPTH) return { owners, unread: `it has more than ${DEPTH} controllers above it` };
      const wrong = wrongOf(next, owned);
      if (wrong !== undefined) return { owners, disbelieved: doubt(next, owned, object, wrong) };
      const found = await read(next, namespace);
      if ('unread' in found)
        return isBuiltInController(next)
          ? { owners, unread: found.unread }
          : { owners: [...owners, next], claimed: true, unread: found.unread };
      if (!isTaken(found.object, owned))
        return { owners, disbelieved: doubt(next, owned, object, 'whose selector does not match its labels') };
      owners.push(next);
      owned = found.object;
    }
    return { owners };
  };
};

/** The controllers that were read, nearest first. */
export const readOf = ({ owners, claimed }: Owners): OwnerRef[] => (claimed === true ? owners.slice(0, -1) : owners);

/**
 * The incident key of an object with this chain: the UID of its top controller, or its own. A claim gets a different
 * kind of key: it may name the UID of any object, and must not bring its pod into the incident of that object.
 */
export const keyOfChain = (chain: Owners, own: string): string => {
  const top = chain.owners.at(-1);
  return chain.claimed === true && top !== undefined ? keyOfClaim(top) : keyOfUid(top?.uid ?? own);
};

/** What people are told about a chain, in sentences. */
export const notesOf = ({ unread, disbelieved }: Owners): string[] =>
  [unread, disbelieved].filter((note) => note !== undefined);
