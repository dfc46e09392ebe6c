import { DisksClient } from '@google-cloud/compute/build/src/v1/disks_client.js';
import { FirewallsClient } from '@google-cloud/compute/build/src/v1/firewalls_client.js';
import { GlobalOperationsClient } from '@google-cloud/compute/build/src/v1/global_operations_client.js';
import { InstanceGroupManagersClient } from '@google-cloud/compute/build/src/v1/instance_group_managers_client.js';
import { InstancesClient } from '@google-cloud/compute/build/src/v1/instances_client.js';
import { NetworksClient } from '@google-cloud/compute/build/src/v1/networks_client.js';
import { RegionDisksClient } from '@google-cloud/compute/build/src/v1/region_disks_client.js';
import { RegionInstanceGroupManagersClient } from '@google-cloud/compute/build/src/v1/region_instance_group_managers_client.js';
import { RegionOperationsClient } from '@google-cloud/compute/build/src/v1/region_operations_client.js';
import { SnapshotsClient } from '@google-cloud/compute/build/src/v1/snapshots_client.js';
import { ZoneOperationsClient } from '@google-cloud/compute/build/src/v1/zone_operations_client.js';
import { z } from 'zod';
import type { ComputeReader, ComputeWriter } from '../model/compute.ts';
import type { ComputeCall, ComputeMethod, ComputeRequests } from './compute-api.ts';
import { failureOf } from './compute-client-errors.ts';
import { computePorts } from './compute-ports.ts';
import { withinLibrary } from './deadline.ts';

/** Options for the clients. Without any, they call the real service under the process's own identity. */
export type ComputeOptions = NonNullable<ConstructorParameters<typeof InstancesClient>[0]>;

const lazy = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

type Table = { [M in ComputeMethod]: (request: ComputeRequests[M]) => Promise<ArrayLike<unknown>> };

const tableOf = (options: ComputeOptions, timeout: number): Table => {
  const CALL = { timeout };
  // Returns one page as it came: our own reader turns the pages, for the real service as for the simulated one.
  const PAGE = { timeout, autoPaginate: false };
  const own = () => ({ ...options });
  const instances = lazy(() => new InstancesClient(own()));
  const disks = lazy(() => new DisksClient(own()));
  const regionDisks = lazy(() => new RegionDisksClient(own()));
  const snapshots = lazy(() => new SnapshotsClient(own()));
  const groups = lazy(() => new InstanceGroupManagersClient(own()));
  const regionGroups = lazy(() => new RegionInstanceGroupManagersClient(own()));
  const firewalls = lazy(() => new FirewallsClient(own()));
  const networks = lazy(() => new NetworksClient(own()));
  const zoneOperations = lazy(() => new ZoneOperationsClient(own()));
  const regionOperations = lazy(() => new RegionOperationsClient(own()));
  const globalOperations = lazy(() => new GlobalOperationsClient(own()));
  return {
    'Instances.Get': (request) => instances().get(request, CALL),
    'Instances.GetEffectiveFirewalls': (request) => instances().getEffectiveFirewalls(request, CALL),
    'Instances.SetTags': (request) => instances().setTags(request, CALL),
    'Instances.SetMetadata': (request) => instances().setMetadata(request, CALL),
    'Instances.SetDiskAutoDelete': (request) => instances().setDiskAutoDelete(request, CALL),
    'Instances.AddAccessConfig': (request) => instances().addAccessConfig(request, CALL),
    'Instances.DeleteAccessConfig': (request) => instances().deleteAccessConfig(request, CALL),
    'Instances.Delete': (request) => instances().delete(request, CALL),
    'Disks.Get': (request) => disks().get(request, CALL),
    'RegionDisks.Get': (request) => regionDisks().get(request, CALL),
    'Snapshots.List': (request) => snapshots().list(request, PAGE),
    'Snapshots.Insert': (request) => snapshots().insert(request, CALL),
    'InstanceGroupManagers.Get': (request) => groups().get(request, CALL),
    'InstanceGroupManagers.ListManagedInstances': (request) => groups().listManagedInstances(request, PAGE),
    'InstanceGroupManagers.AbandonInstances': (request) => groups().abandonInstances(request, CALL),
    'InstanceGroupManagers.DeleteInstances': (request) => groups().deleteInstances(request, CALL),
    'InstanceGroupManagers.CreateInstances': (request) => groups().createInstances(request, CALL),
    'InstanceGroupManagers.Resize': (request) => groups().resize(request, CALL),
    'RegionInstanceGroupManagers.Get': (request) => regionGroups().get(request, CALL),
    'RegionInstanceGroupManagers.ListManagedInstances': (request) => regionGroups().listManagedInstances(request, PAGE),
    'RegionInstanceGroupManagers.AbandonInstances': (request) => regionGroups().abandonInstances(request, CALL),
    'RegionInstanceGroupManagers.DeleteInstances': (request) => regionGroups().deleteInstances(request, CALL),
    'RegionInstanceGroupManagers.CreateInstances': (request) => regionGroups().createInstances(request, CALL),
    'RegionInstanceGroupManagers.Resize': (request) => regionGroups().resize(request, CALL),
    'Firewalls.Get': (request) => firewalls().get(request, CALL),
    'Firewalls.List': (request) => firewalls().list(request, PAGE),
    'Firewalls.Insert': (request) => firewalls().insert(request, CALL),
    'Firewalls.Delete': (request) => firewalls().delete(request, CALL),
    'Networks.Get': (request) => networks().get(request, CALL),
    'ZoneOperations.Get': (request) => zoneOperations().get(request, CALL),
    'RegionOperations.Get': (request) => regionOperations().get(request, CALL),
    'GlobalOperations.Get': (request) => globalOperations().get(request, CALL),
  };
};

/**
 * Picks the reply out of what a library method resolves with: a resource, a page behind two other values, or a wrapped
 * operation.
 */
const wrapped = z.object({ latestResponse: z.unknown() });
const unwrap = (method: ComputeMethod, answer: ArrayLike<unknown>): unknown => {
  if (/\.List/.test(method)) return answer[2];
  if (/\.Get/.test(method)) return answer[0];
  return wrapped.parse(answer[0]).latestResponse;
};

/**
 * Calls Compute Engine through its client library; each client is made at its first use. A change is sent once and
 * never repeated here: only the caller knows whether repeating it is harmless. The library repeats a read on 503 and
 * 504 within `timeoutMs`, the time in which a call may be sent; three such times fit into a lease of 60 s.
 */
export const makeComputeCall = (options: ComputeOptions = {}, timeoutMs = 20_000): ComputeCall => {
  const table = tableOf(options, timeoutMs);
  return async (method, request) => {
    const send: Table[typeof method] = table[method];
    let answer: ArrayLike<unknown>;
    try {
      // The first call also makes its client, which blocks the process: that is no time in which an answer could come.
      const sent = send(request);
      answer = await withinLibrary(timeoutMs, () => sent);
    } catch (thrown) {
      throw failureOf(thrown);
    }
    return unwrap(method, answer);
  };
};

/** The Compute Engine ports over the client library. */
export const makeCompute = (options: ComputeOptions = {}, timeoutMs = 20_000): ComputeReader & ComputeWriter =>
  computePorts(makeComputeCall(options, timeoutMs));
