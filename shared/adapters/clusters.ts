import { z } from 'zod';
import { Denied, sentenceOf, Transient } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { type ClusterRef, clusterName, sameCluster } from '../model/target.ts';
import type { ClusterReader, ClusterWriter, WritableClusters } from '../ports.ts';
import { plain, quote } from '../text.ts';
import { type DescribedCluster, descriptionOf, endpointOf, readCluster, unserved } from './clusters-description.ts';
import { within } from './deadline.ts';
import { makeKubernetesReader, makeKubernetesWriter } from './kubernetes.ts';
import type { Wire } from './kubernetes-wire.ts';
import { authorized, type Tokens } from './tokens.ts';

const CONTAINER = 'https://container.googleapis.com';
const KEPT_MS = 5 * 60_000;
const TIMEOUT_MS = 20_000;

export type ClustersOptions = {
  served: readonly ClusterRef[];
  /** An access token of the function's identity. Called for every request, so it should cache the token itself. */
  token: Tokens;
  /** The time in ms since the epoch, by which descriptions are kept for 5 minutes. */
  now(): number;
  /** Whether the caller is in a network that reaches private endpoints. */
  within?: boolean;
  /** Endpoint of the container API, if it is not Google's: the simulated one. */
  containerEndpoint?: string;
  /** API server of a cluster, used instead of the endpoint in its description: the simulated one. */
  server?: (ref: ClusterRef) => string;
  /** Whole milliseconds that one call may take; default 20 s. */
  timeoutMs?: number;
};

const refusal = z.looseObject({ error: z.looseObject({ message: z.string() }) });

const fetchDescription = async (options: ClustersOptions, ref: ClusterRef): Promise<DescribedCluster> => {
  const path = `/v1/projects/${ref.project}/locations/${ref.location}/clusters/${ref.cluster}`;
  const ask = async (signal: AbortSignal): Promise<{ status: number; text: string }> => {
    const url = `${options.containerEndpoint ?? CONTAINER}${path}`;
    const { httpCall } = await import('./http-call.ts');
    return authorized(options.token, (token) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
      return httpCall({ url, method: 'GET', headers, signal });
    });
  };
  const { status, text } = await within(options.timeoutMs ?? TIMEOUT_MS, ask).catch((thrown: unknown) => {
    throw new Transient(
      `The container API did not describe cluster ${clusterName(ref)}: ${plain(sentenceOf(thrown), 200)}.`,
    );
  });
  const said = refusal.safeParse(jsonOf(text)).data?.error.message;
  if (status === 401 || status === 403) {
    // An API that is not enabled and a service perimeter are refused with the same status as a missing right.
    const why = said === undefined ? '' : ` It says ${quote(said, 300)}.`;
    throw new Denied(
      `The container API refused to describe cluster ${clusterName(ref)} (${status}): grant container.clusters.get on its project.${why}`,
    );
  }
  // A 404 in any other form comes from something before the API, and proves nothing.
  if (status === 404 && said !== undefined) {
    throw new Denied(`There is no cluster ${clusterName(ref)}: correct or remove it in the clusters setting.`);
  }
  if (status !== 200) throw new Transient(`The container API answered ${status} about cluster ${clusterName(ref)}.`);
  return readCluster(jsonOf(text));
};

/** Keeps each cluster's description for 5 minutes. Concurrent callers share one request, and a failure is not kept. */
const makeDescriptions = (options: ClustersOptions) => {
  const kept = new Map<string, { at: number; cluster: Promise<DescribedCluster> }>();
  return {
    of: (ref: ClusterRef): Promise<DescribedCluster> => {
      const name = clusterName(ref);
      const known = kept.get(name);
      if (known !== undefined && options.now() - known.at < KEPT_MS) return known.cluster;
      const entry = { at: options.now(), cluster: fetchDescription(options, ref) };
      kept.set(name, entry);
      entry.cluster.catch(() => {
        if (kept.get(name) === entry) kept.delete(name);
      });
      return entry.cluster;
    },
    forget: (ref: ClusterRef): void => {
      kept.delete(clusterName(ref));
    },
  };
};

const wireTo = (options: ClustersOptions, descriptions: ReturnType<typeof makeDescriptions>, ref: ClusterRef): Wire => {
  let open: { server: string; caData?: string; wire: Wire } | undefined;
  const connect = async (): Promise<Wire> => {
    const endpoint = options.server
      ? { server: options.server(ref), how: 'a fixed address' }
      : endpointOf(await descriptions.of(ref), clusterName(ref), options.within);
    if (typeof endpoint === 'string') throw new Denied(endpoint);
    const { how, ...address } = endpoint;
    // A cluster made again, or with rotated credentials, may have the address of before and another CA.
    if (open?.server !== address.server || open.caData !== address.caData) {
      // The client library is loaded at the first call to a cluster, not when a reader or writer for it is made.
      const { makeClientWire } = await import('./kubernetes-client.ts');
      const { token, timeoutMs } = options;
      const hint = `Cluster ${clusterName(ref)} is reached by ${how}: see that the function's network may use it, or open its DNS endpoint to outside traffic.`;
      const wire = makeClientWire({ ...address, token, hint, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
      open = { ...address, wire };
    }
    return open.wire;
  };
  return async (request) => {
    const wire = await connect();
    try {
      return await wire(request);
    } catch (thrown) {
      // The endpoint may have moved, so the next call asks the container API for it again.
      descriptions.forget(ref);
      throw thrown;
    }
  };
};

/**
 * The clusters this deployment serves, each over its real API server. A cluster that is not served, or that has no
 * usable endpoint, throws Denied with a sentence on what to change.
 */
export const makeClusters = (options: ClustersOptions): WritableClusters => {
  const descriptions = makeDescriptions(options);
  const ports = new Map<string, { reader: ClusterReader; writer: ClusterWriter }>();
  const served = (ref: ClusterRef): ClusterRef => {
    const found = options.served.find((cluster) => sameCluster(cluster, ref));
    if (found !== undefined) return found;
    throw new Denied(unserved(ref));
  };
  const portsOf = (ref: ClusterRef): { reader: ClusterReader; writer: ClusterWriter } => {
    const cluster = served(ref);
    const known = ports.get(clusterName(cluster));
    if (known !== undefined) return known;
    const wire = wireTo(options, descriptions, cluster);
    const made = { reader: makeKubernetesReader(wire), writer: makeKubernetesWriter(wire) };
    ports.set(clusterName(cluster), made);
    return made;
  };
  return {
    served: () => options.served,
    describe: async (ref) => descriptionOf(await descriptions.of(served(ref))),
    reader: (ref) => portsOf(ref).reader,
    writer: (ref) => portsOf(ref).writer,
  };
};
