import { Conflict, Malformed } from '../errors.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { ClusterReader, ClusterWriter, Eviction, ObjectQuery, Patch } from '../ports.ts';
import { makeDiscovery } from './kubernetes-discovery.ts';
import { errorOf, isMissing, messageOf, refusalOf, statusOf } from './kubernetes-errors.ts';
import { eachPage, type Look, objectOf } from './kubernetes-objects.ts';
import {
  containerPart,
  fieldQuery,
  labelQuery,
  pathIn,
  pathOf,
  podPath,
  type Resource,
  say,
} from './kubernetes-paths.ts';
import type { Wire, WireAnswer } from './kubernetes-wire.ts';

const PAGE_SIZE = 250;
/** Pages of a list that has a limit: it ends with the page that reaches it. */
const LIMITED_PAGE_SIZE = 50;
const MIB = 1024 * 1024;
/** The most of a list that is held: it takes several times as much memory, and a function has 512 MiB. */
const HELD_MIB = 32;
/** The most of a list that is read page by page, so that nobody can keep a function at it for ever. */
const READ_MIB = 512;
const EVICTION_RETRY_MS = 5_000;

/** The patch type is always named: client-node's default, JSON patch, gets a 400 for a body that is an object. */
const PATCH_TYPES: Record<Patch['type'], string> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

const tooLong = (of: ObjectQuery, mib: number): string =>
  `the cluster has more to list as ${say(of)} than the ${mib} MiB that are read of it, so not all of it is known`;

/**
 * Reads of one cluster over a wire. Throws the errors of kubernetes-errors.ts. Objects of a kind that the server lacks
 * do not exist. A log that cannot be given (no such pod, no such container, not started) is undefined.
 */
export const makeKubernetesReader = (wire: Wire, options: { pageSize?: number } = {}): ClusterReader => {
  const resourceOf = makeDiscovery(wire);
  const walk = async (
    of: ObjectQuery,
    how: { pageSize: number; most: number },
    look: Look,
  ): Promise<'whole' | 'cut'> => {
    const resource = await resourceOf(of.apiVersion, of.kind);
    if (resource === undefined) return 'whole';
    const query = {
      ...(of.labels === undefined ? {} : { labelSelector: labelQuery(of.labels) }),
      ...(of.fields === undefined ? {} : { fieldSelector: fieldQuery(of.fields) }),
    };
    return eachPage(wire, { path: pathIn(resource, of), query, ...how, of, doing: `list ${say(of)}` }, look);
  };
  const pageSize = options.pageSize ?? PAGE_SIZE;
  return {
    get: async (ref) => {
      const resource = await resourceOf(ref.apiVersion, ref.kind);
      if (resource === undefined) return undefined;
      const doing = `get ${say(ref)}`;
      const answer = await wire({ method: 'GET', path: pathOf(resource, ref) });
      if (isMissing(answer)) return undefined;
      if (answer.status !== 200) throw errorOf(answer, doing);
      return objectOf(answer.body, doing);
    },
    list: async (of) => {
      const found: KubeObject[] = [];
      const how =
        of.limitBytes === undefined
          ? { pageSize, most: HELD_MIB * MIB }
          : { pageSize: options.pageSize ?? LIMITED_PAGE_SIZE, most: of.limitBytes };
      const read = await walk(of, how, (page) => void found.push(...page));
      if (read === 'cut' && of.limitBytes === undefined) throw new Malformed(tooLong(of, HELD_MIB));
      return found;
    },
    each: async (of, look) => {
      if ((await walk(of, { pageSize, most: READ_MIB * MIB }, look)) === 'whole') return undefined;
      return tooLong(of, READ_MIB);
    },
    log: async ({ namespace, name, container, limitBytes, tailLines }) => {
      const query = {
        container: containerPart(container),
        limitBytes: String(limitBytes),
        ...(tailLines === undefined ? {} : { tailLines: String(tailLines) }),
      };
      const path = podPath({ namespace, name }, 'log');
      // The API server passes on what the kubelet sends, and that of a node that was broken into heeds no limit.
      const answer = await wire({ method: 'GET', path, query, accept: 'text', maxBytes: limitBytes });
      // 204: the pod is not on a node yet. 400: the container has not started, or the pod has no such container.
      if (isMissing(answer) || answer.status === 400 || answer.status === 204) return undefined;
      if (answer.status !== 200) throw errorOf(answer, `read the log of Pod ${namespace}/${name}`);
      return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    },
  };
};

const blockedBy = (answer: WireAnswer): string | undefined => {
  const status = statusOf(answer);
  const budget = status.details?.causes?.find((c) => c.reason === 'DisruptionBudget');
  if (answer.status === 429 && budget !== undefined) return budget.message ?? messageOf(answer);
  return answer.status === 500 && /more than one PodDisruptionBudget/.test(messageOf(answer))
    ? messageOf(answer)
    : undefined;
};

/** Changes to one cluster over a wire; each is harmless to repeat, as ClusterWriter requires. */
export const makeKubernetesWriter = (wire: Wire): ClusterWriter => {
  const resourceOf = makeDiscovery(wire);
  const needed = async (ref: { apiVersion: string; kind: string }): Promise<Resource> => {
    const resource = await resourceOf(ref.apiVersion, ref.kind);
    if (resource !== undefined) return resource;
    throw new Malformed(`The cluster has no kind ${ref.kind} of ${ref.apiVersion}: nothing was changed.`);
  };
  return {
    create: async (object) => {
      const { name, namespace } = object.metadata;
      const ref = {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        ...(namespace === undefined ? {} : { namespace }),
      };
      const resource = await needed(ref);
      pathOf(resource, ref);
      const doing = `create ${say(ref)}`;
      const answer = await wire({
        method: 'POST',
        path: pathIn(resource, ref),
        contentType: 'application/json',
        body: object,
      });
      // Nothing was changed meanwhile that could be read again: the namespace itself does not exist.
      if (answer.status === 404 && statusOf(answer).reason === 'NotFound')
        throw new Malformed(refusalOf(answer, doing));
      if (answer.status !== 201 && answer.status !== 200) throw errorOf(answer, doing);
      return objectOf(answer.body, doing);
    },
    patch: async (ref, patch, subresource) => {
      const resource = await needed(ref);
      const doing = `patch ${say(ref)}`;
      const path = subresource === undefined ? pathOf(resource, ref) : `${pathOf(resource, ref)}/${subresource}`;
      const answer = await wire({ method: 'PATCH', path, contentType: PATCH_TYPES[patch.type], body: patch.body });
      if (patch.type === 'json' && answer.status === 422 && statusOf(answer).details?.causes === undefined) {
        // A `test` in the patch failed, or its path no longer exists: the object is not the one that the patch was made
        // for.
        throw new Conflict(`Kubernetes could not apply the JSON patch to ${say(ref)}: it has changed.`);
      }
      if (answer.status !== 200) throw errorOf(answer, doing);
      return objectOf(answer.body, doing);
    },
    delete: async (ref, { uid, graceSeconds, propagation }) => {
      const resource = await resourceOf(ref.apiVersion, ref.kind);
      if (resource === undefined) return 'gone';
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { uid },
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
        ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
      };
      const answer = await wire({
        method: 'DELETE',
        path: pathOf(resource, ref),
        contentType: 'application/json',
        body,
      });
      if (isMissing(answer)) return 'gone';
      if (answer.status !== 200 && answer.status !== 202) throw errorOf(answer, `delete ${say(ref)}`);
      return 'deleted';
    },
    evict: async ({ namespace, name, uid, graceSeconds }): Promise<Eviction> => {
      const options = graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds };
      const answer = await wire({
        method: 'POST',
        path: podPath({ namespace, name }, 'eviction'),
        contentType: 'application/json',
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { namespace, name },
          deleteOptions: { preconditions: { uid }, ...options },
        },
      });
      if (isMissing(answer)) return { outcome: 'gone' };
      if (answer.status === 200 || answer.status === 201) return { outcome: 'evicted' };
      const because = blockedBy(answer);
      if (because !== undefined) {
        const seconds = statusOf(answer).details?.retryAfterSeconds;
        const fromBody = seconds === undefined ? EVICTION_RETRY_MS : 1_000 * seconds;
        return { outcome: 'blocked', because, retryAfterMs: answer.retryAfterMs ?? fromBody };
      }
      throw errorOf(answer, `evict Pod ${namespace}/${name}`);
    },
  };
};
