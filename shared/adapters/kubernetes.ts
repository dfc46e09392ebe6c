import { Conflict, Malformed } from '../errors.ts';
import type { ClusterReader, ClusterWriter, Eviction, Patch } from '../ports.ts';
import { makeDiscovery } from './kubernetes-discovery.ts';
import { errorOf, isMissing, messageOf, refusalOf, statusOf } from './kubernetes-errors.ts';
import { listPages, objectOf } from './kubernetes-objects.ts';
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

const PAGE_SIZE = 500;
/** Pages of a list that has a limit: each object may have more than a MiB. */
const LIMITED_PAGE_SIZE = 50;
const EVICTION_RETRY_MS = 5_000;

/** The patch type is always named: client-node's default, JSON patch, gets a 400 for a body that is an object. */
const PATCH_TYPES: Record<Patch['type'], string> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

/**
 * Reads of one cluster over a wire. Throws the errors of kubernetes-errors.ts. Objects of a kind that the server lacks
 * do not exist. A log that cannot be given (no such pod, no such container, not started) is undefined.
 */
export const makeKubernetesReader = (wire: Wire, options: { pageSize?: number } = {}): ClusterReader => {
  const resourceOf = makeDiscovery(wire);
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
      const resource = await resourceOf(of.apiVersion, of.kind);
      if (resource === undefined) return [];
      const query = {
        limit: String(options.pageSize ?? (of.limitBytes === undefined ? PAGE_SIZE : LIMITED_PAGE_SIZE)),
        ...(of.labels === undefined ? {} : { labelSelector: labelQuery(of.labels) }),
        ...(of.fields === undefined ? {} : { fieldSelector: fieldQuery(of.fields) }),
      };
      return listPages(wire, { path: pathIn(resource, of), query, of, doing: `list ${say(of)}` });
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
