import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Stack, type StackOptions, startStack } from '../../local/stack.ts';
import { ACCESS } from '../../shared/access.ts';
import { systemClock } from '../../shared/adapters/clock.ts';
import { functionName } from '../../shared/deployment.ts';
import { putIncident } from '../../shared/incidents.ts';
import { FUNCTIONS } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Desk } from '../kit/containment.ts';
import { worldClusters } from '../kit/world-clusters.ts';
import { worldCompute } from '../kit/world-compute.ts';

/** The identity under which the test itself reads the world. */
const ANYONE = 'anyone';
const PATIENCE_MS = 100_000;

/**
 * A stack in its own folder, whose path holds a space. Disposing it stops the stack, removes the folder, and throws if
 * a function called Compute Engine beyond its grants.
 */
export const stackFor = async (
  options: Omit<StackOptions, 'dir'>,
): Promise<{ stack: Stack; desk: Desk; [Symbol.asyncDispose](): Promise<void> }> => {
  const dir = await mkdtemp(join(tmpdir(), 'firebreak e2e '));
  const stack = await startStack({ ...options, dir });
  return {
    stack,
    desk: deskOf(stack),
    [Symbol.asyncDispose]: async () => {
      const beyond = ungranted(stack);
      await stack.stop();
      await rm(dir, { recursive: true });
      if (beyond.length > 0) throw new Error(`this was called and is not granted: ${beyond.join(', ')}`);
    },
  };
};

/** What the functions of a stack called on Compute Engine beyond what Terraform grants them. */
export const ungranted = ({ world }: Pick<Stack, 'world'>): string[] => {
  const granted = (actor: string): ReadonlySet<string> | undefined => {
    const name = FUNCTIONS.find((one) => functionName(one) === actor);
    return name && new Set(ACCESS[name].rights.map(({ permission }) => permission));
  };
  const beyond = world.compute.state.calls.flatMap(({ actor, permissions }) => {
    const rights = granted(actor);
    return permissions.flatMap((one) => (rights === undefined || rights.has(one) ? [] : [`${one} by ${actor}`]));
  });
  return [...new Set(beyond)];
};

const deskOf = (stack: Stack): Desk => {
  const [cluster] = stack.world.clusters.values();
  if (cluster === undefined) throw new Error('the world of this stack has no cluster');
  const { stores, world } = stack;
  const [clusters, compute] = [worldClusters(world, ANYONE), worldCompute(world.compute, ANYONE)];
  return { clock: systemClock, cluster, ports: { bus: stack, clock: systemClock, stores, clusters, compute } };
};

/**
 * Polls until the condition holds. It gives up shortly before the test's own timeout, which would end the test but
 * leave this loop and the stack running.
 */
export const until = async <T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> => {
  const began = performance.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() - began > PATIENCE_MS) throw new Error(`this did not come to hold: ${look.toString()}`);
    await sleep(20);
  }
};

/** Expires the leases on an incident and its hosts, as if their holders had been gone for a minute. */
export const expireLeases = async ({ ports }: Desk, id: string): Promise<void> => {
  const { stores } = ports;
  const until = timeOf(0);
  const incident = await stores.incidents.get(id);
  if (incident?.lease !== undefined) {
    await putIncident(ports, { ...incident, lease: { ...incident.lease, until } }, incident.rev);
  }
  for (const host of (await stores.hosts.list({})).items) {
    if (host.lease === undefined) continue;
    await stores.hosts.put(host.instance, { ...host, lease: { ...host.lease, until } }, host.rev);
  }
};

/** What an identity changed in the world, one line per changed field, in order. */
export const changesBy = (stack: Stack, identity: string): string[] =>
  stack.world.log.by(identity).flatMap((t) => Object.keys(t.change).map((path) => `${t.verb} ${t.object} ${path}`));

/** Whether everything that the goal asks for is done. */
export const isCarriedOut = (incident: Incident | undefined): incident is Incident =>
  incident?.goal !== null && incident?.goal !== undefined && incident.run.rev === incident.goal.rev;
