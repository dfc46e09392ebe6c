import { Conflict, Denied, Malformed, sentenceOf, Transient } from '../errors.ts';
import { controlsBySelector, isBuiltInController, mayControl } from '../kubernetes/built-in.ts';
import { selects } from '../kubernetes/label-selector.ts';
import { isKind, isSubdomain } from '../kubernetes/names.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { OwnerRef } from '../model/subject.ts';
import type { ClusterReader } from '../ports.ts';
import { plain } from '../text.ts';
import { keyOfClaim, keyOfUid } from './correlate.ts';

/**
 * The chain of controllers of an object. Whoever makes a pod writes its owner references, so each is believed only where
 * Kubernetes itself would have made it.
 */
export type Owners = {
  /** Nearest first. */
  owners: OwnerRef[];
  /** The last of them, of a custom kind, could not be read: it is what the one below it says, and may not be. */
  claimed?: true;
  /** Why the chain stops before its top, in a sentence. */
  unread?: string;
  /** Why a controller that the last one names is not believed to be one, in a sentence: the chain has its top there. */
  disbelieved?: string;
};

const DEPTH = 10;

/** The controller of an object, as the object says. A mirror pod's Node is no controller: it stands for itself. */
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

/** A controller in words: a reference holds whatever its writer likes. */
const shown = ({ kind, name }: Pick<OwnerRef, 'kind' | 'name'>): string => `${plain(kind, 63)} ${plain(name, 253)}`;

const readOwner = async (reader: ClusterReader, owner: OwnerRef, namespace: string | undefined): Promise<Read> => {
  const { apiVersion, kind, name, uid } = owner;
  const what = shown(owner);
  try {
    const found = await reader.get({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
    if (found === undefined) return { unread: `its ${what} does not exist, so the chain of controllers ends there` };
    return found.metadata.uid === uid
      ? { object: found }
      : { unread: `its ${what} is now another object with that name` };
  } catch (thrown) {
    if (!isLeft(thrown, owner)) throw thrown;
    return { unread: `its ${what} cannot be read, so the chain of controllers ends there: ${sentenceOf(thrown)}` };
  }
};

const isReference = ({ apiVersion, kind, name, uid }: OwnerRef): boolean =>
  apiVersion.length <= 300 && isKind(kind) && isSubdomain(name) && /^[A-Za-z0-9-]{1,100}$/.test(uid);

/** Why Kubernetes would not have made this reference, whatever is behind it; undefined where it might. */
const wrongOf = (owner: OwnerRef, owned: KubeObject): string | undefined => {
  if (!isReference(owner)) return 'with names that no object can have';
  return mayControl(owner, owned) ? undefined : `but a ${owner.kind} does not control a ${owned.kind}`;
};

/** Whether a controller takes the object for its own: what its selector does not match, it lets go of. */
const isTaken = (owner: KubeObject, { metadata }: KubeObject): boolean => {
  if (!controlsBySelector(owner)) return true;
  const selector = owner.spec?.selector;
  // The oldest of them has a map of labels where the others have a selector.
  const read = owner.kind === 'ReplicationController' ? { matchLabels: selector } : selector;
  return selects(read, metadata.labels ?? {});
};

const doubt = (owner: OwnerRef, owned: KubeObject, object: KubeObject, why: string): string =>
  `${owned === object ? 'it' : `its ${shown({ kind: owned.kind, name: owned.metadata.name })}`} names ${shown(owner)} as its controller, ${why}: this reference is ignored`;

/**
 * Reads chains of controllers, kinds that nobody knows beforehand included, each controller once. Of Kubernetes' own
 * kinds only what was read is in a chain, and only above what its kind makes and its selector matches. A custom kind has
 * no selector that we know: it is believed, and where it cannot be read it ends the chain as a claim. Throws only what is
 * unknown, and Transient for Kubernetes' own controllers.
 */
export const makeOwnersOf = (reader: ClusterReader): ((object: KubeObject) => Promise<Owners>) => {
  const known = new Map<string, Promise<Read>>();
  const read = (owner: OwnerRef, namespace: string | undefined): Promise<Read> => {
    // By everything that it says: a pod that gives another's UID to something else must not answer for that one.
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
 * The key of the incident that an object of this chain belongs to: the UID of its top controller, or its own. A claim has a
 * key of its own kind: it may give the UID of anything, and must not bring its pod into the incident of that.
 */
export const keyOfChain = (chain: Owners, own: string): string => {
  const top = chain.owners.at(-1);
  return chain.claimed === true && top !== undefined ? keyOfClaim(top) : keyOfUid(top?.uid ?? own);
};

/** What of a chain people are told, in sentences. */
export const notesOf = ({ unread, disbelieved }: Owners): string[] =>
  [unread, disbelieved].filter((note) => note !== undefined);
