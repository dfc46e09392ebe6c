import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { partialUrl } from '../compute-url.ts';
import { Transient } from '../errors.ts';
import { type ClusterRef, clusterName } from '../model/target.ts';
import type { ClusterDescription } from '../ports.ts';

/** The container API's description of a cluster, with only the fields that Firebreak reads. */
const described = z.looseObject({
  endpoint: z.string().optional(),
  masterAuth: z.looseObject({ clusterCaCertificate: z.string().optional() }).optional(),
  network: z.string().optional(),
  autopilot: z.looseObject({ enabled: z.boolean().optional() }).optional(),
  networkPolicy: z.looseObject({ enabled: z.boolean().optional() }).optional(),
  monitoringService: z.string().optional(),
  monitoringConfig: z
    .looseObject({ componentConfig: z.looseObject({ enableComponents: z.array(z.string()).default([]) }).optional() })
    .optional(),
  networkConfig: z.looseObject({ datapathProvider: z.string().optional(), network: z.string().optional() }).optional(),
  nodePools: z
    .array(
      z.looseObject({
        config: z.looseObject({ sandboxConfig: z.looseObject({ type: z.string().optional() }).optional() }).optional(),
        autoscaling: z.looseObject({ enabled: z.boolean().optional() }).optional(),
        instanceGroupUrls: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  controlPlaneEndpointsConfig: z
    .looseObject({
      dnsEndpointConfig: z
        .looseObject({ endpoint: z.string().optional(), allowExternalTraffic: z.boolean().optional() })
        .optional(),
      ipEndpointsConfig: z
        .looseObject({ enabled: z.boolean().optional(), privateEndpoint: z.string().optional() })
        .optional(),
    })
    .optional(),
  privateClusterConfig: z.looseObject({ privateEndpoint: z.string().optional() }).optional(),
});
export type DescribedCluster = z.infer<typeof described>;

/** Reads the container API's answer; throws Transient if the answer does not describe a cluster. */
export const readCluster = (body: unknown): DescribedCluster => {
  const parsed = described.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Transient('The container API answered with something that is no description of a cluster.');
};

/** Firebreak's own description of the cluster. Autopilot runs sandboxed pods without a node pool for them. */
export const descriptionOf = (cluster: DescribedCluster): ClusterDescription => {
  const autopilot = cluster.autopilot?.enabled === true;
  const network = cluster.networkConfig?.network ?? cluster.network;
  const components = cluster.monitoringConfig?.componentConfig?.enableComponents;
  return {
    autopilot,
    networkPolicy:
      cluster.networkPolicy?.enabled === true || cluster.networkConfig?.datapathProvider === 'ADVANCED_DATAPATH',
    systemMetrics:
      cluster.monitoringService !== 'none' && (components === undefined || components.includes('SYSTEM_COMPONENTS')),
    sandboxPool: autopilot || (cluster.nodePools ?? []).some((pool) => pool.config?.sandboxConfig !== undefined),
    autoscaledGroups: (cluster.nodePools ?? [])
      .filter((pool) => pool.autoscaling?.enabled === true)
      .flatMap((pool) => (pool.instanceGroupUrls ?? []).map(partialUrl)),
    ...(network === undefined ? {} : { network }),
  };
};

/**
 * Address of the API server, over https. `caData` is the cluster's own CA; it is absent if the certificate is public.
 */
export type Endpoint = { server: string; caData?: string; how: string };

const HOST = /^[A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?$/;

/**
 * The endpoint to use, according to the cluster's own description: the DNS endpoint if it accepts outside traffic, else
 * the IP endpoint with the cluster's CA. A caller `within` a network that reaches private endpoints gets the private
 * one, if there is one; otherwise the description's main `endpoint` is used. A string means that none works, and says
 * what to change.
 */
export const endpointOf = (cluster: DescribedCluster, name: string, within = false): Endpoint | string => {
  const dns = cluster.controlPlaneEndpointsConfig?.dnsEndpointConfig;
  if (dns?.allowExternalTraffic === true && dns.endpoint !== undefined && HOST.test(dns.endpoint)) {
    return { server: `https://${dns.endpoint}`, how: 'its DNS endpoint' };
  }
  const inner =
    cluster.controlPlaneEndpointsConfig?.ipEndpointsConfig?.privateEndpoint ??
    cluster.privateClusterConfig?.privateEndpoint;
  const ip = within && inner !== undefined ? inner : cluster.endpoint;
  const caData = cluster.masterAuth?.clusterCaCertificate;
  const open = cluster.controlPlaneEndpointsConfig?.ipEndpointsConfig?.enabled !== false;
  if (open && ip !== undefined && caData !== undefined && (HOST.test(ip) || isIPv6(ip))) {
    return {
      server: `https://${isIPv6(ip) ? `[${ip}]` : ip}`,
      caData,
      how: `its IP endpoint ${ip}`,
    };
  }
  return `Cluster ${name} has no endpoint that this function can use: allow outside traffic on its DNS endpoint (gcloud container clusters update --enable-dns-access), or enable its IP endpoint and give the function direct VPC egress in an authorized network.`;
};

/** The error message for a cluster that this deployment does not serve. */
export const unserved = (ref: ClusterRef): string =>
  `Cluster ${clusterName(ref)} is not served by this deployment: add it to the clusters setting, or ask the deployment that serves it.`;
