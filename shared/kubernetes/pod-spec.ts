import { type Loosened, loosenedBy } from './confinement.ts';
import { at, type Loose, record, records, text, texts } from './loose.ts';
import { withVariables } from './variables.ts';

/** A container from any list of a pod spec. Strings are unchecked: check or quote them. */
export type Container = {
  name: string;
  role: 'container' | 'init' | 'ephemeral';
  image?: string;
  command: string[];
  args: string[];
  /**
   * Command lines, words joined by spaces: the container's own with arguments, and those of its hooks and probes. With
   * the values of its variables.
   */
  runs: string[];
  env: Array<{ name: string; value?: string }>;
  privileged: boolean;
  /** Linux capabilities added, without the prefix `CAP_`, in capitals. */
  capabilities: string[];
  /** Limits of the container runtime that the spec switches off. */
  loosened: Loosened[];
};

/** The fields of a pod spec that we read. A field that is missing or of another type counts as not set. */
export type PodSpec = {
  containers: Container[];
  hostPID: boolean;
  hostIPC: boolean;
  hostNetwork: boolean;
  /** The pod's containers see each other's processes and files. */
  shareProcessNamespace: boolean;
  /** Paths of the node that volumes mount, as written. */
  hostPaths: string[];
  /** Repositories that the node clones into volumes, as written. */
  gitRepos: ReadonlyArray<{ repository: string; directory?: string }>;
  serviceAccount?: string;
  windows: boolean;
};

/** The path of the pod spec in an object, for each kind that makes pods. */
export const POD_SPEC_PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Capabilities that alone are enough for a container to take over its node. */
export const CAPABILITIES_OF_ROOT = ['ALL', 'SYS_ADMIN', 'SYS_MODULE'];

/**
 * The pod spec of a whole object, or of the partial body of a merge patch. Undefined where the kind makes no pods or
 * the object has no spec.
 */
export const podSpecOf = (kind: string, object: unknown): PodSpec | undefined => {
  const path = Object.hasOwn(POD_SPEC_PATHS, kind) ? POD_SPEC_PATHS[kind] : undefined;
  const spec = path === undefined ? undefined : record(at(object, ...path));
  return spec === undefined ? undefined : readSpec(spec);
};

/**
 * The labels and annotations whose keys contain `part`, of an object that makes pods and of its pod template. Where
 * both have a key, the template's value counts.
 */
export const podMarksOf = (kind: string, object: unknown, part: string): ReadonlyMap<string, unknown> => {
  const path = Object.hasOwn(POD_SPEC_PATHS, kind) ? (POD_SPEC_PATHS[kind] ?? []) : [];
  let found: Map<string, unknown> | undefined;
  for (const holder of [object, at(object, ...path.slice(0, -1))]) {
    const { labels, annotations } = record(at(holder, 'metadata')) ?? {};
    for (const marks of [record(labels), record(annotations)])
      for (const key in marks)
        if (key.includes(part)) {
          found ??= new Map();
          found.set(key, marks[key]);
        }
  }
  return found ?? UNMARKED;
};

/** One map for nearly every object. */
const UNMARKED: ReadonlyMap<string, unknown> = new Map();

/**
 * The reasons why a pod of this spec can reach its node; empty where it cannot. Names and paths in them are unchecked:
 * quote them before they are shown.
 */
export const hostReachOf = (spec: PodSpec): string[] => [
  ...spec.containers.filter((c) => c.privileged).map((c) => `container ${c.name} is privileged`),
  ...spec.containers.flatMap((c) =>
    c.capabilities.filter((one) => CAPABILITIES_OF_ROOT.includes(one)).map((one) => `container ${c.name} has ${one}`),
  ),
  ...(spec.hostPID ? ['hostPID: it sees the processes of the node'] : []),
  ...(spec.hostIPC ? ['hostIPC: it shares memory with processes of the node'] : []),
  ...(spec.hostNetwork ? ['hostNetwork: it uses the network of the node'] : []),
  ...spec.hostPaths.map((path) => `hostPath ${path} of the node is mounted`),
];

/** One list for all specs without such a volume: nearly every one. */
const NONE: PodSpec['gitRepos'] = [];

const gitRepoOf = ({ gitRepo }: Loose): PodSpec['gitRepos'] => {
  const repository = text(record(gitRepo)?.repository);
  const directory = text(record(gitRepo)?.directory);
  return repository === undefined ? [] : [{ repository, ...(directory === undefined ? {} : { directory }) }];
};

const readSpec = (spec: Loose): PodSpec => {
  const serviceAccount = text(spec.serviceAccountName) ?? text(spec.serviceAccount);
  const security = record(spec.securityContext);
  const volumes = records(spec.volumes);
  return {
    containers: [
      ...records(spec.initContainers).map((c) => readContainer(c, 'init', security)),
      ...records(spec.containers).map((c) => readContainer(c, 'container', security)),
      ...records(spec.ephemeralContainers).map((c) => readContainer(c, 'ephemeral', security)),
    ],
    hostPID: spec.hostPID === true,
    hostIPC: spec.hostIPC === true,
    hostNetwork: spec.hostNetwork === true,
    shareProcessNamespace: spec.shareProcessNamespace === true,
    hostPaths: volumes.flatMap(({ hostPath }) => text(record(hostPath)?.path) ?? []),
    gitRepos: volumes.some(({ gitRepo }) => gitRepo !== undefined) ? volumes.flatMap(gitRepoOf) : NONE,
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    windows: record(spec.os)?.name === 'windows' || record(spec.nodeSelector)?.['kubernetes.io/os'] === 'windows',
  };
};

/** The hooks and probes of a container, which may run commands as well. */
const hooksOf = ({ lifecycle, startupProbe, livenessProbe, readinessProbe }: Loose): unknown[] => {
  const { postStart, preStop } = record(lifecycle) ?? {};
  return [postStart, preStop, startupProbe, livenessProbe, readinessProbe];
};

/** A container's command lines: its command with arguments, those of its hooks and probes; words joined by spaces. */
const runsOf = (container: Loose, command: string[], args: string[]): string[] => {
  const own = [...command, ...args].join(' ');
  const runs = own === '' ? [] : [own];
  for (const hook of hooksOf(container)) {
    const words = hook === undefined ? [] : texts(record(record(hook)?.exec)?.command);
    if (words.length > 0) runs.push(words.join(' '));
  }
  return runs;
};

/** Whether a security context, of a container or of its pod, makes a container of Windows a process of the node. */
const isHostProcess = (security: Loose | undefined): boolean => record(security?.windowsOptions)?.hostProcess === true;

const readContainer = (container: Loose, role: Container['role'], ofPod: Loose | undefined): Container => {
  const image = text(container.image);
  const security = record(container.securityContext);
  const command = texts(container.command);
  const args = texts(container.args);
  const env = records(container.env).map((one) => {
    const value = text(one.value);
    return { name: text(one.name) ?? '', ...(value === undefined ? {} : { value }) };
  });
  return {
    name: text(container.name) ?? '',
    role,
    ...(image === undefined ? {} : { image }),
    command,
    args,
    runs: withVariables(runsOf(container, command, args), env),
    env,
    privileged: security?.privileged === true || isHostProcess(ofPod) || isHostProcess(security),
    capabilities: texts(record(security?.capabilities)?.add).map((one) => one.toUpperCase().replace(/^CAP_/, '')),
    loosened: loosenedBy(security, ofPod),
  };
};
