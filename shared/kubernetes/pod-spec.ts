import { at, type Loose, record, records, text, texts } from './loose.ts';

/** A container of a pod spec, whatever list it stands in. Strings are as they came: check or quote them. */
export type Container = {
  name: string;
  role: 'container' | 'init' | 'ephemeral';
  image?: string;
  command: string[];
  args: string[];
  /** Command lines, words joined by spaces: its own with its arguments, and those of hooks and probes. */
  runs: string[];
  env: Array<{ name: string; value?: string }>;
  privileged: boolean;
  /** Linux capabilities added, without the prefix `CAP_`, in capitals. */
  capabilities: string[];
};

/** What we read of a pod spec; everything that is not there or of another type is left out. */
export type PodSpec = {
  containers: Container[];
  hostPID: boolean;
  hostIPC: boolean;
  hostNetwork: boolean;
  /** Its containers see each other's processes and files. */
  shareProcessNamespace: boolean;
  /** Paths of the node that volumes mount, as written. */
  hostPaths: Array<{ volume: string; path: string }>;
  serviceAccount?: string;
  runtimeClass?: string;
  windows: boolean;
};

/** Where the pod spec is within an object of each kind that makes pods. */
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

/** Capabilities with which a container takes the node, with no other right. */
const CAPABILITIES_OF_ROOT = ['ALL', 'SYS_ADMIN', 'SYS_MODULE'];

/**
 * The pod spec of an object, a whole one or the partial body of a merge patch. Undefined where the kind makes no pods
 * or the object holds no spec.
 */
export const podSpecOf = (kind: string, object: unknown): PodSpec | undefined => {
  const path = Object.hasOwn(POD_SPEC_PATHS, kind) ? POD_SPEC_PATHS[kind] : undefined;
  const spec = path === undefined ? undefined : record(at(object, ...path));
  return spec === undefined ? undefined : readSpec(spec);
};

/** Labels and annotations of an object that makes pods, and of its pods; where both have a key, that of the pods counts. */
export const podMarksOf = (kind: string, object: unknown): Readonly<Record<string, unknown>> => {
  const path = Object.hasOwn(POD_SPEC_PATHS, kind) ? (POD_SPEC_PATHS[kind] ?? []) : [];
  return Object.assign(
    {},
    ...[['metadata'], [...path.slice(0, -1), 'metadata']].flatMap((metadata) =>
      ['labels', 'annotations'].map((key) => record(at(object, ...metadata, key))),
    ),
  );
};

/** Every container of a spec: init, main and ephemeral ones. */
export const containersOf = (spec: PodSpec): readonly Container[] => spec.containers;

/**
 * Why a pod of this spec has its node within reach, one reason an item and none where it has not. Names and paths in
 * it are as they came: quote them before they are shown.
 */
export const hostReachOf = (spec: PodSpec): string[] => [
  ...spec.containers.filter((c) => c.privileged).map((c) => `container ${c.name} is privileged`),
  ...spec.containers.flatMap((c) =>
    c.capabilities.filter((one) => CAPABILITIES_OF_ROOT.includes(one)).map((one) => `container ${c.name} has ${one}`),
  ),
  ...(spec.hostPID ? ['hostPID: it sees the processes of the node'] : []),
  ...(spec.hostIPC ? ['hostIPC: it shares memory with processes of the node'] : []),
  ...(spec.hostNetwork ? ['hostNetwork: it uses the network of the node'] : []),
  ...spec.hostPaths.map(({ path }) => `hostPath ${path} of the node is mounted`),
];

const readSpec = (spec: Loose): PodSpec => {
  const serviceAccount = text(at(spec, 'serviceAccountName')) ?? text(at(spec, 'serviceAccount'));
  const runtimeClass = text(at(spec, 'runtimeClassName'));
  return {
    containers: [
      ...records(at(spec, 'initContainers')).map((c) => readContainer(c, 'init')),
      ...records(at(spec, 'containers')).map((c) => readContainer(c, 'container')),
      ...records(at(spec, 'ephemeralContainers')).map((c) => readContainer(c, 'ephemeral')),
    ],
    hostPID: at(spec, 'hostPID') === true,
    hostIPC: at(spec, 'hostIPC') === true,
    hostNetwork: at(spec, 'hostNetwork') === true,
    shareProcessNamespace: at(spec, 'shareProcessNamespace') === true,
    hostPaths: records(at(spec, 'volumes')).flatMap((volume) => {
      const path = text(at(volume, 'hostPath', 'path'));
      return path === undefined ? [] : [{ volume: text(at(volume, 'name')) ?? '', path }];
    }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    ...(runtimeClass === undefined ? {} : { runtimeClass }),
    windows: at(spec, 'os', 'name') === 'windows' || at(spec, 'nodeSelector', 'kubernetes.io/os') === 'windows',
  };
};

/** Where else a container is told what to run. */
const HOOKS = [
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
  ['startupProbe'],
  ['livenessProbe'],
  ['readinessProbe'],
];

const readContainer = (container: Loose, role: Container['role']): Container => {
  const image = text(at(container, 'image'));
  return {
    name: text(at(container, 'name')) ?? '',
    role,
    ...(image === undefined ? {} : { image }),
    command: texts(at(container, 'command')),
    args: texts(at(container, 'args')),
    runs: [
      [...texts(at(container, 'command')), ...texts(at(container, 'args'))],
      ...HOOKS.map((path) => texts(at(container, ...path, 'exec', 'command'))),
    ].flatMap((words) => (words.length === 0 ? [] : [words.join(' ')])),
    env: records(at(container, 'env')).map((one) => {
      const value = text(at(one, 'value'));
      return { name: text(at(one, 'name')) ?? '', ...(value === undefined ? {} : { value }) };
    }),
    privileged:
      at(container, 'securityContext', 'privileged') === true ||
      at(container, 'securityContext', 'windowsOptions', 'hostProcess') === true,
    capabilities: texts(at(container, 'securityContext', 'capabilities', 'add')).map((one) =>
      one.toUpperCase().replace(/^CAP_/, ''),
    ),
  };
};
