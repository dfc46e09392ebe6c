import type { ClusterRef } from '../../shared/model/target.ts';
import { SHOP } from '../world/seed.ts';

type Told = {
  /** Id of the finding; the same id with another `at` is a new notification about the same finding. */
  id: string;
  /** RFC 3339, UTC. */
  at: string;
  state: string;
  mute: string;
  findingClass: string;
  severity: string;
  cluster: ClusterRef;
  pods: Array<{ ns: string; name: string }>;
  objects: Array<{ group?: string; kind: string; ns?: string; name: string }>;
  /** Names of nodes. */
  nodes: string[];
  /** Command lines of processes. */
  processes: string[][];
  principal: string;
  callerIp: string;
  domains: string[];
  /**
   * 2: the API's version 2, with the location in names and the resource's details in a field of its cloud
   * (`gcpMetadata`).
   */
  version: 1 | 2;
  /** Replaces the name of the cluster. */
  resourceName: string;
};

/**
 * The parts of a notification that a caller sets. Everything else is filled as Security Command Center does, with
 * invented names.
 */
export type SccParts = { category: string } & { [Key in keyof Told]?: Told[Key] | undefined };

/** A notification in the form in which Security Command Center publishes it. */
export const sccFinding = (parts: SccParts): Record<string, unknown> => {
  const { id = '6a30ce604c11417995b1fa260753f3b5', at = '2026-03-02T10:15:30.250Z', version = 1 } = parts;
  const { project, location, cluster } = parts.cluster ?? SHOP;
  const source = 'organizations/123456789012/sources/4242424242';
  const name =
    parts.resourceName ?? `//container.googleapis.com/projects/${project}/locations/${location}/clusters/${cluster}`;
  const parent = version === 1 ? source : `${source}/locations/global`;
  const processes = parts.processes?.map((args) => ({
    name: args[0] ?? '',
    binary: { path: args[0] ?? '', sha256: 'a'.repeat(64) },
    args,
    pid: '4711',
  }));
  return {
    notificationConfigName: `organizations/123456789012/${version === 1 ? '' : 'locations/global/'}notificationConfigs/firebreak`,
    finding: {
      name: `${parent}/findings/${id}`,
      canonicalName: `projects/987654321/sources/4242424242/findings/${id}`,
      parent,
      resourceName: name,
      state: parts.state ?? 'ACTIVE',
      category: parts.category,
      findingClass: parts.findingClass ?? 'THREAT',
      severity: parts.severity ?? 'HIGH',
      mute: parts.mute ?? 'UNDEFINED',
      eventTime: at,
      createTime: at,
      sourceProperties: {},
      ...(parts.principal === undefined && parts.callerIp === undefined
        ? {}
        : { access: { principalEmail: parts.principal ?? '', callerIp: parts.callerIp ?? '', serviceName: 'k8s.io' } }),
      ...(parts.domains === undefined ? {} : { indicator: { domains: parts.domains } }),
      ...(processes === undefined ? {} : { processes }),
      kubernetes: {
        ...(parts.pods === undefined
          ? {}
          : { pods: parts.pods.map((pod) => ({ ...pod, containers: [{ name: 'main', uri: 'example.com/cart' }] })) }),
        ...(parts.objects === undefined ? {} : { objects: parts.objects }),
        ...(parts.nodes === undefined
          ? {}
          : {
              nodes: parts.nodes.map((node) => ({
                name: `//compute.googleapis.com/projects/${project}/zones/${location}-b/instances/${node}`,
              })),
            }),
      },
    },
    resource: {
      name,
      displayName: cluster,
      type: 'google.container.Cluster',
      ...(version === 1
        ? { projectDisplayName: project }
        : {
            gcpMetadata: {
              project: '//cloudresourcemanager.googleapis.com/projects/987654321',
              projectDisplayName: project,
            },
          }),
    },
  };
};
