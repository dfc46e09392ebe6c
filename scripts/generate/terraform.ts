import { ACCESS, type OptIn, type Place, type Right } from '../../shared/access.ts';
import { quarantineRules } from '../../shared/containment/quarantine-rules.ts';
import { containRbac } from '../../shared/containment/rights.ts';
import { DEFAULT_SETTINGS } from '../../shared/containment/settings.ts';
import {
  COLLECTIONS,
  CONSOLE_EXHIBIT,
  DATABASES,
  DELIVERY,
  functionName,
  SINK,
  subscriptionName,
  TICK_JOB,
  topicName,
} from '../../shared/deployment.ts';
import { PLATEAU_POLICIES } from '../../shared/detection/plateau-policies.ts';
import { RULES } from '../../shared/detection/registry.ts';
import { alertFilter, sinkFilter } from '../../shared/detection/sink-filter.ts';
import { rbacManifests } from '../../shared/kubernetes/rbac-manifests.ts';
import { byFunction, CLUSTER_FUNCTIONS, type ClusterFunction } from '../../shared/kubernetes/rbac-roles.ts';
import { FUNCTIONS, type FunctionName, TOPICS } from '../../shared/model/ids.ts';
import { GCLOUD_AUDIENCE } from '../../shared/operator-audience.ts';
import { TOPICS_OF } from '../../shared/serve.ts';
import { type Files, jsonFile } from './files.ts';

/** A custom role: the rights of one function on one kind of place, under one opt-in or none. */
type Role = {
  title: string;
  function: FunctionName;
  on: Place;
  when: OptIn | null;
  permissions: string[];
};

const WORDS: Readonly<Record<Place, string>> = {
  nodes: 'on VMs of served clusters',
  network: 'in the project of a network',
  'node-accounts': 'on the service accounts of nodes',
  evidence: 'in the evidence bucket',
  exhibit: 'on one exhibit of the evidence',
  incidents: 'in the database of incidents',
  memory: 'in the database of memories',
  project: 'in the project',
};
const PLACES: readonly Place[] = [
  'project',
  'nodes',
  'network',
  'node-accounts',
  'evidence',
  'exhibit',
  'incidents',
  'memory',
];
const OPT_INS: ReadonlyArray<OptIn | null> = [null, 'deleting', 'ssh-key', 'traces'];

/** The id of a custom role, for example `firebreak_contain_nodes_deleting`; ids may not contain hyphens. */
const roleId = (name: FunctionName, place: Place, when: OptIn | null): string =>
  [functionName(name), place, ...(when === null ? [] : [when])].join('_').replaceAll('-', '_');

const rolesOf = (name: FunctionName): Array<[string, Role]> =>
  PLACES.flatMap((place) =>
    OPT_INS.flatMap((when): Array<[string, Role]> => {
      const fits = (right: Right): boolean => right.on === place && (right.when ?? null) === when;
      const permissions = [...new Set(ACCESS[name].rights.filter(fits).map(({ permission }) => permission))].toSorted();
      if (permissions.length === 0) return [];
      const title = `Firebreak ${name} ${WORDS[place]}${when === null ? '' : `, ${when}`}`;
      return [[roleId(name, place, when), { title, function: name, on: place, when, permissions }]];
    }),
  );

const deployment = () => ({
  topics: Object.fromEntries(TOPICS.map((topic) => [topic, topicName(topic)])),
  functions: Object.fromEntries(
    FUNCTIONS.map((name) => [
      name,
      {
        name: functionName(name),
        subscriptions: Object.fromEntries(TOPICS_OF[name].map((topic) => [topic, subscriptionName(name, topic)])),
        publishes: ACCESS[name].publishes,
        files: ACCESS[name].files,
        clusters: CLUSTER_FUNCTIONS.some((one) => one === name && ACCESS[name].rights.some(isConnect)),
      },
    ]),
  ),
  delivery: DELIVERY,
  databases: DATABASES,
  collections: COLLECTIONS,
  exhibit: CONSOLE_EXHIBIT,
  gcloudAudience: GCLOUD_AUDIENCE,
  sink: SINK,
  tick: TICK_JOB,
});

const isConnect = ({ permission }: Right): boolean => permission === 'container.clusters.connect';

/**
 * The four firewall rules of a network, without the parts that depend on the network: Terraform makes the names as
 * `ruleName` does.
 */
const rules = () =>
  quarantineRules('NETWORK').map(({ name, direction, priority, ranges, targetTags, description }) => ({
    suffix: name.slice(name.indexOf('deny-')),
    direction,
    priority,
    ranges,
    tags: targetTags,
    description,
  }));

/** Placeholders for the e-mail address and the numeric id of a function's service account, which Terraform fills in. */
const placeholders = (name: ClusterFunction): string[] => [`EMAIL-OF-${name}`, `ID-OF-${name}`];

const manifests = (deleting: boolean) => ({
  apiVersion: 'v1',
  kind: 'List',
  items: rbacManifests({
    steps: containRbac({ deleting }),
    users: byFunction(placeholders),
    owners: [],
    ownNamespace: DEFAULT_SETTINGS.namespace,
    protectedNamespaces: ['kube-system', 'gke-*', 'gmp-*'],
  }),
});

/** Filters of log entries for Cloud Logging. */
const filters = () => ({
  sink: sinkFilter(RULES),
  alert: alertFilter(RULES),
});

/**
 * The files that Terraform reads, all derived from the code: names, deliveries, custom roles, firewall rules,
 * manifests, filters, alerts.
 */
export const terraformFiles = (): Files =>
  new Map([
    ['terraform/generated/deployment.json', jsonFile(deployment())],
    ['terraform/generated/roles.json', jsonFile(Object.fromEntries(FUNCTIONS.flatMap(rolesOf)))],
    ['terraform/generated/quarantine.json', jsonFile(rules())],
    ['terraform/generated/kubernetes.json', jsonFile(manifests(true))],
    ['terraform/generated/kubernetes-keeping.json', jsonFile(manifests(false))],
    ['terraform/generated/filters.json', jsonFile(filters())],
    [
      'terraform/generated/plateau.json',
      jsonFile(Object.fromEntries(PLATEAU_POLICIES.map(({ id, ...one }) => [id, one]))),
    ],
  ]);
