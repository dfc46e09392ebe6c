import { STEPS } from './containment/steps/registry.ts';
import type { DATABASES } from './deployment.ts';
import type { FunctionName, StepId, Topic } from './model/ids.ts';

/**
 * What a right is granted on: the VMs of served clusters, whatever is of the network that they stand in (of another
 * project, in a shared VPC), the service accounts of nodes, the evidence, one exhibit of it (CONSOLE_EXHIBIT), a database, or
 * the project.
 */
export type Place = 'nodes' | 'network' | 'node-accounts' | 'evidence' | 'exhibit' | keyof typeof DATABASES | 'project';

/** Rights that are not granted unless they are asked for. */
export type OptIn = 'deleting' | 'ssh-key' | 'traces';

/** A right: one permission on one kind of place. */
export type Right = { permission: string; on: Place; when?: OptIn };

/** What a function may do in the project; what it may do inside of a cluster is said by RBAC. */
export type Access = {
  publishes: readonly Topic[];
  /** Mounted files: those that it reads at its start. */
  files: ReadonlyArray<'policy' | 'rules'>;
  rights: readonly Right[];
};

const on = (place: Place, permissions: readonly string[]): Right[] =>
  permissions.map((permission) => ({ permission, on: place }));

const documents = (database: keyof typeof DATABASES, ...verbs: readonly string[]): Right[] =>
  on(
    database,
    verbs.map((verb) => `datastore.entities.${verb}`),
  );

/** Memories, and the notifiers' threads: each is made, read and changed by its name; none is looked for. */
const MEMORY = documents('memory', 'create', 'get', 'update');
/** Marks of alerts that are over: never changed. */
const MARKS = documents('memory', 'create', 'get');
const INCIDENTS = documents('incidents', 'create', 'get', 'update');
const LISTING = documents('incidents', 'list');

/** To find a cluster's API server and be let in there; what may be done there is said by RBAC. */
const CLUSTER = on('project', ['container.clusters.connect', 'container.clusters.get']);
const RESOLVE = [...CLUSTER, ...on('nodes', ['compute.instances.get'])];

/** The series of whatever Cloud Monitoring watches. */
const METRICS = on('project', ['monitoring.timeSeries.list']);

/** The steps that end something for good in Google Cloud. */
const DELETING: ReadonlySet<StepId> = new Set<StepId>(['delete-host']);

const placeOf = (permission: string): Place => {
  if (permission.startsWith('compute.instances.')) return 'nodes';
  if (/^compute\.(firewalls|networks|subnetworks)\./.test(permission)) return 'network';
  if (permission.startsWith('iam.serviceAccounts.')) return 'node-accounts';
  return permission.startsWith('storage.objects.') ? 'evidence' : 'project';
};

/** What the steps declare. A permission that only a deleting step needs, or an opt-in, is said to be such. */
const stepRights = (): Right[] => {
  const usual = new Set(STEPS.filter(({ id }) => !DELETING.has(id)).flatMap(({ permissions }) => permissions.iam));
  const rights = new Map<string, Right>();
  for (const { permissions } of STEPS) {
    for (const permission of permissions.iam)
      rights.set(permission, {
        permission,
        on: placeOf(permission),
        ...(usual.has(permission) ? {} : { when: 'deleting' as const }),
      });
    for (const permission of permissions.optIn ?? [])
      if (!usual.has(permission))
        rights.set(permission, { permission, on: placeOf(permission), when: 'ssh-key' as const });
  }
  // A firewall rule is made by an operation of the project that its network is in.
  return [...rights.values(), ...on('network', ['compute.globalOperations.get'])];
};

/** Entries of Data Access logs are private ones. */
const LOGS = on('project', ['logging.logEntries.list', 'logging.privateLogEntries.list']);

const DECIDING: Pick<Access, 'publishes' | 'rights'> = {
  publishes: ['containment', 'notices'],
  rights: [...INCIDENTS, ...LISTING, ...RESOLVE],
};

/** Spans, where Google's own receiver is to have them. */
const TRACES: Right[] = [{ permission: 'telemetry.traces.write', on: 'project', when: 'traces' }];

const OF_THEIR_OWN: Readonly<Record<FunctionName, Access>> = {
  'detect-audit-log': { publishes: ['findings'], files: ['rules'], rights: [...MEMORY, ...LOGS] },
  'detect-cryptomining': { publishes: ['findings'], files: ['rules'], rights: [...MARKS, ...CLUSTER, ...METRICS] },
  'detect-threat': { publishes: ['findings'], files: ['rules'], rights: [] },
  decide: { ...DECIDING, files: ['policy', 'rules'] },
  operate: { ...DECIDING, files: ['policy'] },
  contain: {
    publishes: ['notices'],
    files: ['policy'],
    rights: [...INCIDENTS, ...on('project', ['container.clusters.connect']), ...stepRights()],
  },
  notify: { publishes: [], files: [], rights: MEMORY },
  console: {
    publishes: ['requests'],
    files: ['policy'],
    rights: [...documents('incidents', 'get', 'list'), ...on('exhibit', ['storage.objects.get'])],
  },
};

const withTraces = (name: FunctionName): Access => ({
  ...OF_THEIR_OWN[name],
  rights: [...OF_THEIR_OWN[name].rights, ...TRACES],
});

/** No more than each function needs: held against what they call by test/shared/access.test.ts. */
export const ACCESS: Readonly<Record<FunctionName, Access>> = {
  'detect-audit-log': withTraces('detect-audit-log'),
  'detect-cryptomining': withTraces('detect-cryptomining'),
  'detect-threat': withTraces('detect-threat'),
  decide: withTraces('decide'),
  operate: withTraces('operate'),
  contain: withTraces('contain'),
  notify: withTraces('notify'),
  console: withTraces('console'),
};
