import { STEPS } from './containment/steps/registry.ts';
import type { DATABASES } from './deployment.ts';
import type { FunctionName, StepId, Topic } from './model/ids.ts';

/**
 * What a right is granted on: the VMs of served clusters, the network of these VMs with its parts (in a shared VPC it
 * belongs to another project), the service accounts of nodes, the evidence, one exhibit of it (CONSOLE_EXHIBIT), a
 * database, or the project.
 */
export type Place = 'nodes' | 'network' | 'node-accounts' | 'evidence' | 'exhibit' | keyof typeof DATABASES | 'project';

/** Options that grant further rights; without the option these rights are not granted. */
export type OptIn = 'deleting' | 'ssh-key' | 'traces';

/** One permission on one kind of place; `when`: granted only with this option. */
export type Right = { permission: string; on: Place; when?: OptIn };

/** What a function may do in the project. RBAC says what it may do inside a cluster. */
export type Access = {
  publishes: readonly Topic[];
  /** Files that are mounted for the function, which it reads at its start. */
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

/** Rights on memories and notifiers' threads: made, read and changed by name, and never listed. */
const MEMORY = documents('memory', 'create', 'get', 'update');
/** Rights on marks of alerts that are over: made and read, and never changed. */
const MARKS = documents('memory', 'create', 'get');
const INCIDENTS = documents('incidents', 'create', 'get', 'update');
const LISTING = documents('incidents', 'list');

/** Rights to find a cluster's API server and to connect to it. RBAC says what may be done there. */
const CLUSTER = on('project', ['container.clusters.connect', 'container.clusters.get']);
const RESOLVE = [...CLUSTER, ...on('nodes', ['compute.instances.get'])];

/** The right to read all series of Cloud Monitoring. */
const METRICS = on('project', ['monitoring.timeSeries.list']);

/** The steps that delete something in Google Cloud for good. */
const DELETING: ReadonlySet<StepId> = new Set<StepId>(['delete-host']);

const placeOf = (permission: string): Place => {
  if (permission.startsWith('compute.instances.')) return 'nodes';
  if (/^compute\.(firewalls|networks|subnetworks)\./.test(permission)) return 'network';
  if (permission.startsWith('iam.serviceAccounts.')) return 'node-accounts';
  return permission.startsWith('storage.objects.') ? 'evidence' : 'project';
};

/** The rights that the steps declare. `when` marks those that only a deleting step needs, and those by opt-in. */
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
  // The operation that makes a firewall rule is in the project of the network, and is read there.
  return [...rights.values(), ...on('network', ['compute.globalOperations.get'])];
};

/** Rights to read logs; entries of Data Access logs need the one for private entries. */
const LOGS = on('project', ['logging.logEntries.list', 'logging.privateLogEntries.list']);

const DECIDING: Pick<Access, 'publishes' | 'rights'> = {
  publishes: ['containment', 'notices'],
  rights: [...INCIDENTS, ...LISTING, ...RESOLVE],
};

/** The right to send spans to Google's own receiver. */
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

/** The access of each function, and no more than it needs. test/shared/access.test.ts compares it with their calls. */
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
