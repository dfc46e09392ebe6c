import type { Entry } from '../model/entry.ts';
import { inForce } from '../model/entry.ts';
import type { Change, Finding } from '../model/finding.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { IncidentState } from '../model/notice.ts';
import { msOf, type Time } from '../model/time.ts';
import type { Stores } from '../ports.ts';
import { allOf } from './pages.ts';

/** The rule whose findings are about changes by our own identities. */
export const OWN_CHANGE_RULE = 'own-identity-change';

type Call = {
  verbs: readonly string[];
  /** `*` at the end stands for any rest. */
  resource: string;
  /** Whether the change is to the subject of the entry. */
  on(change: Change, entry: Entry): boolean;
};

const podOf = ({ subject }: Entry): string => subject.split('#')[0] ?? '';
const isPod = (change: Change, entry: Entry): boolean => `${change.namespace}/${change.name}` === podOf(entry);
const isNode = ({ name }: Change, { subject, uid }: Entry): boolean => name === subject || name === uid;
const isNamespace = ({ namespace }: Change, { subject }: Entry): boolean => namespace === subject;
/** A workload's subject is `Deployment shop/cart`. */
const isWorkload = ({ namespace, name }: Change, { subject }: Entry): boolean =>
  subject.endsWith(` ${namespace}/${name}`);
const inItsNamespace = ({ namespace }: Change, { subject }: Entry): boolean => subject.includes(` ${namespace}/`);
const isOurs = ({ name }: Change): boolean => name?.startsWith('firebreak-') === true;
/** For objects that a step creates or moves, and that its subject does not name: only the time can be compared. */
const anything = (): boolean => true;

const kube = (verbs: readonly string[], resource: string, on: Call['on']): Call => ({ verbs, resource, on });
const compute = (resource: string, verbs: readonly string[], on: Call['on']): Call => ({ verbs, resource, on });

const patched = (resources: readonly string[]): Call[] => resources.map((one) => kube(['patch'], one, isWorkload));
const groups = (verbs: readonly string[]): Call[] =>
  ['instanceGroupManagers', 'regionInstanceGroupManagers'].map((one) => compute(one, verbs, anything));

/** The calls that each step sends to apply and to undo its change. A step that only reads has none. */
export const CALLS_OF: Readonly<Record<StepId, readonly Call[]>> = {
  'start-snapshots': [
    compute('snapshots', ['insert', 'setLabels'], anything),
    compute('disks', ['createSnapshot'], anything),
    compute('regionDisks', ['createSnapshot'], anything),
  ],
  'keep-disks': [compute('instances', ['setDiskAutoDelete'], isNode)],
  'capture-evidence': [],
  'cordon-node': [kube(['patch'], 'core/nodes', isNode)],
  'deny-pod-network': [kube(['create', 'delete'], 'networking.k8s.io/networkpolicies', isNamespace)],
  'quarantine-pod': [kube(['patch'], 'core/pods', isPod)],
  'freeze-workload': patched([
    'apps/deployments',
    'apps/replicasets',
    'apps/daemonsets',
    'batch/jobs',
    'batch/cronjobs',
    'core/replicationcontrollers',
  ]),
  'attach-forensics': [kube(['patch'], 'core/pods/ephemeralcontainers', isPod)],
  'leave-group': [kube(['patch'], 'core/nodes', isNode), ...groups(['abandonInstances'])],
  'restore-group-size': groups(['createInstances', 'resize']),
  'drain-node': [kube(['create'], 'core/pods/eviction', anything)],
  'deny-node-network': [compute('instances', ['setTags'], isNode), compute('firewalls', ['insert'], isOurs)],
  'remove-external-ip': [compute('instances', ['deleteAccessConfig', 'addAccessConfig'], isNode)],
  'open-investigation-access': [
    compute('instances', ['setTags', 'setMetadata'], isNode),
    compute('firewalls', ['insert', 'delete'], isOurs),
  ],
  'sandbox-workload': patched([
    'apps/deployments',
    'apps/replicasets',
    'apps/statefulsets',
    'apps/daemonsets',
    'batch/cronjobs',
    'core/replicationcontrollers',
  ]),
  'delete-pod': [kube(['delete'], 'core/pods', isPod)],
  'snapshots-ready': [],
  'delete-workload': [
    ...['core/pods', 'apps/replicasets', 'batch/jobs'].map((one) => kube(['delete'], one, inItsNamespace)),
    kube(['delete'], '*', isWorkload),
  ],
  'kill-container': [kube(['create', 'delete'], 'core/pods', ({ name }) => name?.startsWith('kill-') === true)],
  'delete-host': [compute('instances', ['delete'], isNode), ...groups(['deleteInstances'])],
};

const SERVICES = ['k8s.io', 'compute.googleapis.com'];

const isSent = (change: Change, entry: Entry): boolean =>
  SERVICES.includes(change.service) &&
  CALLS_OF[entry.step].some(
    ({ verbs, resource, on }) =>
      verbs.includes(change.verb) &&
      (resource.endsWith('*') ? change.resource.startsWith(resource.slice(0, -1)) : resource === change.resource) &&
      on(change, entry),
  );

/** Clocks of the platform and ours may differ. */
const SKEW_MS = 60_000;
const APPLY_MS = 30 * 60_000;
const END_MS = 20 * 60_000;

const isWithin = (at: number, from: Time | undefined, before: number, after: number): boolean =>
  from !== undefined && at >= msOf(from) - before && at <= msOf(from) + after;

/** Whether an entry's step may have sent calls then: after its start, before its end, at its expiry, in a release. */
const isItsTime = (at: number, entry: Entry, releasedAt: Time | undefined): boolean => {
  const { startedAt, endedAt, until } = entry;
  // Every step that may send anything is given a request id before. Without one, nothing was sent.
  if (entry.state === 'dry-run' || entry.requestId === undefined || at < msOf(startedAt) - SKEW_MS) return false;
  const working = entry.state === 'applying' || entry.state === 'pending';
  const undoing = releasedAt !== undefined && (inForce(entry) || entry.state === 'undone');
  return (
    isWithin(at, startedAt, SKEW_MS, working ? Number.POSITIVE_INFINITY : APPLY_MS) ||
    isWithin(at, endedAt, END_MS, SKEW_MS) ||
    isWithin(at, until, SKEW_MS, APPLY_MS) ||
    (undoing && isWithin(at, releasedAt, SKEW_MS, APPLY_MS))
  );
};

/** The journal entry that explains a change at this time; undefined if none does. */
export const entryOf = (
  change: Change,
  at: Time,
  journal: readonly Entry[],
  releasedAt: Time | undefined,
): Entry | undefined => journal.find((entry) => isSent(change, entry) && isItsTime(msOf(at), entry, releasedAt));

/** Incident states in the order of the search: those in which contain may be working come first. */
const STATES: readonly IncidentState[] = ['containing', 'contained', 'failed', 'asking', 'open', 'released', 'closed'];

const isElsewhere = ({ target }: Incident, finding: Finding): boolean =>
  finding.change?.service === 'k8s.io' &&
  (target.project !== finding.target.project ||
    target.location !== finding.target.location ||
    target.cluster !== finding.target.cluster);

/**
 * The journal entry that explains a change by one of our own identities, and the incident or host that has it;
 * undefined if no journal does. Hosts are searched too: a change that incidents share is journaled there first.
 *
 * @throws Transient as the stores do.
 */
export const ownEntryOf = async (
  stores: Pick<Stores, 'incidents' | 'hosts'>,
  finding: Finding,
): Promise<{ holder: string; entry: Entry } | undefined> => {
  const { change, at } = finding;
  if (change === undefined) return undefined;
  const released = new Map<string, Time | undefined>();
  for (const state of STATES) {
    for await (const incident of allOf(stores.incidents, { state })) {
      if (isElsewhere(incident, finding)) continue;
      const { id, goal, journal } = incident;
      const releasedAt = goal?.tier === 'released' ? goal.at : undefined;
      const entry = entryOf(change, at, journal, releasedAt);
      if (entry !== undefined) return { holder: id, entry };
      released.set(id, releasedAt);
    }
  }
  for await (const { id, holders, journal } of allOf(stores.hosts, {})) {
    const ours = holders.filter((holder) => released.has(holder));
    const times = ours.flatMap((holder) => released.get(holder) ?? []).sort();
    const entry = ours.length === 0 ? undefined : entryOf(change, at, journal, times.at(-1));
    if (entry !== undefined) return { holder: id, entry };
  }
  return undefined;
};
