import { coverOf } from '../decision/step-subjects.ts';
import { Transient } from '../errors.ts';
import type { ComputeWriter } from '../model/compute.ts';
import { HALT_ID } from '../model/records.ts';
import { earliest, msOf, type Time } from '../model/time.ts';
import type { ClusterWriter, ContainPorts, Evidence } from '../ports.ts';
import type { Hold } from './context.ts';
import { CALL_MS } from './ledger.ts';
import { Stopped, stopUnderHalt, would } from './stopped.ts';

/**
 * Called before every send. Throws Stopped where the send must not happen, and whatever reading the store throws.
 * `begin` starts the reads for the next send ahead of time, and the write of what was noted, while a step reads what it
 * is to change; a check that is too old by the time of the send is repeated.
 */
export type Guard = (() => Promise<void>) & { begin(): void };

/** A halt check older than this is repeated before anything is sent. */
const HALT_AGE_MS = 2_000;

/** What is held before every send. `host`: the shared document that the step changes, if it does. */
type Held = Pick<Hold, 'token' | 'goalRev' | 'covers' | 'allows' | 'written' | 'behind'> & {
  incident: string;
  host?: string;
};
/** `began`: when the check began, on the monotonic clock; `until`: when the first of the leases ends. */
type Checked = { began: number; until: Time | undefined };

/**
 * Reads, before every send, what may have changed since the run began: the lease, the goal, what the goal covers, the
 * halt, and the lease on a shared host. Under halt only a release that was asked for after the halt goes on. A failed
 * read stops the send.
 */
export const makeGuard = (ports: Pick<ContainPorts, 'clock' | 'stores'>, hold: Held): Guard => {
  const check = async (): Promise<Checked> => {
    // The age of a check is measured with the monotonic clock: the other one may be set back meanwhile.
    const began = ports.clock.monotonic();
    const [incident, halt, host] = await Promise.all([
      ports.stores.incidents.get(hold.incident),
      ports.stores.halts.get(HALT_ID),
      hold.host === undefined ? undefined : ports.stores.hosts.get(hold.host),
      hold.written?.(),
    ]);
    const leases = [incident?.lease, ...(hold.host === undefined ? [] : [host?.lease])];
    if (incident === undefined || leases.some((lease) => lease?.token !== hold.token))
      throw new Stopped('lease', 'another run has taken over');
    const until = earliest(...leases.map((lease) => lease?.until));
    const { goal } = incident;
    if (goal?.rev !== hold.goalRev) throw new Stopped('goal', 'the goal changed while the run was under way');
    // A pod may join without a new goal, by a finding that is sent again. Its evidence must be kept before a deletion.
    if (hold.covers !== undefined && coverOf(incident) !== hold.covers)
      throw new Stopped('goal', 'another subject joined the incident while the run was under way');
    if (hold.allows?.(incident) === false)
      throw new Stopped('goal', 'the policy in force now allows less than when the plan was made');
    stopUnderHalt(halt, goal);
    return { began, until };
  };
  let ahead: Promise<Checked> | undefined;
  const next = (): Promise<Checked> => {
    const checked = ahead ?? check();
    ahead = undefined;
    return checked;
  };
  const guard = async (): Promise<void> => {
    await hold.behind;
    for (let tries = 0; tries < 3; tries += 1) {
      const { began, until } = await next();
      // A check that is too old does not count: the lease that it read may have been renewed since.
      if (ports.clock.monotonic() - began > HALT_AGE_MS) continue;
      if (until === undefined || msOf(until) <= ports.clock.now() + CALL_MS)
        throw new Stopped('lease', 'the lease ends before the call could');
      return;
    }
    throw new Transient('the store answers too slowly to tell whether a halt is in force: nothing is sent');
  };
  return Object.assign(guard, {
    begin: () => {
      ahead = check();
      // A failure is thrown by the next send, if there is one.
      ahead.catch(() => undefined);
    },
  });
};

/** A cluster writer with the guard before every method. */
export const guardCluster = (writer: ClusterWriter, guard: Guard): ClusterWriter => ({
  create: async (object) => guard().then(() => writer.create(object)),
  patch: async (ref, patch, subresource) => guard().then(() => writer.patch(ref, patch, subresource)),
  delete: async (ref, options) => guard().then(() => writer.delete(ref, options)),
  evict: async (pod) => guard().then(() => writer.evict(pod)),
});

/** A cluster writer that sends nothing: its first call ends a step's dry run with WouldSend, which names the change. */
export const dryCluster = (): ClusterWriter => ({
  create: (object) => would(`create ${object.kind} ${object.metadata.name}`),
  patch: (ref) => would(`patch ${ref.kind} ${ref.name}`),
  delete: (ref) => would(`delete ${ref.kind} ${ref.name}`),
  evict: (pod) => would(`evict Pod ${pod.namespace}/${pod.name}`),
});

/** Evidence that keeps nothing: a dry run may read the evidence store, but `put` would change it. */
export const dryEvidence = (evidence: Evidence): Evidence => ({
  ...evidence,
  put: (key) => would(`keep ${key}`),
});

/** A Compute writer with the guard before every method. */
export const guardCompute = (writer: ComputeWriter, guard: Guard): ComputeWriter =>
  new Proxy(writer, {
    get: (target, name, receiver) => {
      const send: unknown = Reflect.get(target, name, receiver);
      if (typeof send !== 'function') return send;
      return (...given: unknown[]) => guard().then((): unknown => Reflect.apply(send, target, given));
    },
  });
