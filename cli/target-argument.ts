import { isKnownKind } from '../shared/decision/resolve-workload.ts';
import { issueText } from '../shared/issue-text.ts';
import { type Target, target } from '../shared/model/target.ts';
import { Usage } from './arguments.ts';

/** Kinds by the names and abbreviations that kubectl accepts. */
const KINDS: Readonly<Record<string, string>> = {
  deployment: 'Deployment',
  deployments: 'Deployment',
  deploy: 'Deployment',
  statefulset: 'StatefulSet',
  statefulsets: 'StatefulSet',
  sts: 'StatefulSet',
  daemonset: 'DaemonSet',
  daemonsets: 'DaemonSet',
  ds: 'DaemonSet',
  replicaset: 'ReplicaSet',
  replicasets: 'ReplicaSet',
  rs: 'ReplicaSet',
  job: 'Job',
  jobs: 'Job',
  cronjob: 'CronJob',
  cronjobs: 'CronJob',
  cj: 'CronJob',
  replicationcontroller: 'ReplicationController',
  replicationcontrollers: 'ReplicationController',
  rc: 'ReplicationController',
};
const POD = ['pod', 'pods', 'po'];
const NODE = ['node', 'nodes', 'no'];
const INSTANCE = ['instance', 'instances', 'vm'];

/** The group that kubectl adds to a kind in what it prints, as in `deployment.apps/cart`. */
const GROUP = /\.(v\d+\.)?(apps|batch)$/;

/** The kind that a word means, whichever of its names that is; undefined where it means none. */
export const kindOf = (word: string): string | undefined => {
  const lower = word.toLowerCase().replace(GROUP, '');
  if (POD.includes(lower)) return 'pod';
  if (NODE.includes(lower)) return 'node';
  if (INSTANCE.includes(lower)) return 'instance';
  if (Object.hasOwn(KINDS, lower)) return KINDS[lower];
  // A custom resource is named by its kind in the API server's spelling.
  return /^[A-Z]/.test(word) ? word : undefined;
};

/** A target's place, from the flags. */
type Place = { project: string; location?: string; cluster?: string; namespace?: string; uid?: string };

/** Reads `KIND/NAME`; undefined for a text without a slash, which is an incident's id. */
export const targetOf = (argument: string, place: Place): Target | undefined => {
  const slash = argument.indexOf('/');
  if (slash < 0) return undefined;
  const kind = argument.slice(0, slash);
  const name = argument.slice(slash + 1);
  const named = nameIn(kind, name);
  const { namespace } = place;
  if (namespace !== undefined && !needsNamespace(named))
    throw new Usage(
      `${argument} is in no namespace, and all of it is contained: leave out --namespace, or name a pod.`,
    );
  const read = target.safeParse({ ...place, ...named });
  if (!read.success) {
    // kubectl shows no instance ids, only the names of nodes, and a cluster by a name of its own: `gke_p1_europe-west1_c1`.
    const ofPlace = read.error.issues.some(({ path }) => ['project', 'location', 'cluster'].includes(String(path[0])));
    const todo = ofPlace
      ? 'write it as `gcloud container clusters list` shows it'
      : named.instance === undefined
        ? 'write the name as kubectl shows it'
        : 'use node/NAME, or the id that gcloud shows';
    throw new Usage(`${argument}: ${issueText(read.error, 'target')}: ${todo}.`);
  }
  const missing = [
    ...(place.cluster === undefined ? ['--cluster'] : []),
    ...(place.location === undefined ? ['--location'] : []),
    ...(needsNamespace(named) && namespace === undefined ? ['--namespace'] : []),
  ];
  if (missing.length > 0)
    throw new Usage(
      `${argument} is not found by its name alone: add ${missing.join(', ').replace(/, ([^,]*)$/, ' and $1')}.`,
    );
  return read.data;
};

type Named = Pick<Target, 'pod' | 'node' | 'instance' | 'workload'>;

const needsNamespace = (named: Named): boolean => named.pod !== undefined || named.workload !== undefined;

const nameIn = (word: string, name: string): Named => {
  const kind = kindOf(word);
  if (kind === undefined) {
    throw new Usage(
      `${JSON.stringify(word)} is not a kind that can be contained: use pod/NAME, deployment/NAME or another controller, node/NAME or instance/ID.`,
    );
  }
  if (kind === 'pod' || kind === 'node' || kind === 'instance') return { [kind]: name };
  if (!isKnownKind(kind))
    throw new Usage(`${word}/${name}: a controller of this kind is contained through its pods: use pod/NAME.`);
  return { workload: { kind, name } };
};
