import { at, record, records, text } from '../kubernetes/loose.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { podSpecOf } from '../kubernetes/pod-spec.ts';
import { quote } from '../text.ts';
import { imageNamesOf, wordFinder } from './object-names.ts';

/** A busy pod: its own object where it could be read, and its controller as the incident names it. */
type Busy = {
  namespace: string;
  controller?: { kind: string; name: string } | undefined;
  pod?: KubeObject | undefined;
};

const JOBS = ['Job', 'CronJob', 'Workflow', 'TaskRun', 'RayJob', 'SparkApplication', 'PyTorchJob', 'TFJob', 'MPIJob'];

/** Labels that batch, training and build systems put on their pods. */
const LABELS: ReadonlyArray<readonly [key: string, what: string]> = [
  ['batch.kubernetes.io/job-name', 'a batch job'],
  ['job-name', 'a batch job'],
  ['workflows.argoproj.io/workflow', 'a workflow'],
  ['tekton.dev/taskRun', 'a build'],
  ['buildkite.com/job-uuid', 'a build'],
  ['actions.github.com/scale-set-name', 'a build'],
  ['job.runner.gitlab.com/id', 'a build'],
  ['jenkins/label', 'a build'],
  ['training.kubeflow.org/job-name', 'training'],
  ['ray.io/cluster', 'training'],
  ['spark-role', 'a batch job'],
  ['jobset.sigs.k8s.io/jobset-name', 'a batch job'],
  ['kueue.x-k8s.io/queue-name', 'a batch job'],
];

/** Words in the names of namespaces that exist for builds. */
const BUILD_NAMESPACES = ['runner', 'runners', 'buildkite', 'tekton', 'jenkins', 'arc', 'ci'];

/** Programs whose job is to use all they get, recognized by the names of their images. */
const PROGRAMS = (
  [
    [
      'generates load',
      ['k6', 'locust', 'jmeter', 'gatling', 'vegeta', 'wrk', 'artillery', 'fortio', 'hey', 'stress-ng'],
    ],
    [
      'trains or serves models',
      ['tensorflow', 'pytorch', 'vllm', 'ollama', 'triton', 'tritonserver', 'jax', 'sagemaker'],
    ],
    ['builds', ['kaniko', 'buildkit', 'buildah', 'bazel', 'buildkitd', 'gitlab-runner', 'actions-runner', 'gcb']],
    ['transcodes', ['ffmpeg', 'handbrake', 'gstreamer', 'shaka-packager']],
    ['scans', ['trivy', 'clamav', 'clamd', 'grype', 'syft']],
    ['is a blockchain node', ['geth', 'bitcoind', 'bitcoin-core', 'erigon', 'lighthouse', 'solana']],
  ] as const
).map(([what, words]) => ({ what, isCalledSo: wordFinder(words) }));

const GPU = /^(nvidia\.com\/gpu|google\.com\/tpu|amd\.com\/gpu)$/;

/**
 * Why a pod may honestly use all it gets, in sentences; empty where nothing suggests so. Whoever sets up a pod chooses
 * these names, so they lower only the weight of its CPU use.
 */
export const honestUseOf = ({ namespace, controller, pod }: Busy): string[] => {
  const owner = pod?.metadata.ownerReferences?.find((one) => one.controller === true) ?? controller;
  const job = [owner, controller].find((one) => one !== undefined && JOBS.includes(one.kind));
  const labels = pod?.metadata.labels ?? {};
  const label = LABELS.find(([key]) => Object.hasOwn(labels, key));
  const words = namespace.split(/[-.]/);
  const spec = pod === undefined ? undefined : podSpecOf('Pod', pod);
  const images = spec === undefined ? [] : imageNamesOf(spec);
  const programs = PROGRAMS.flatMap(({ what, isCalledSo }) => {
    const image = images.find(isCalledSo);
    return image === undefined ? [] : [`its image ${quote(image, 120)} ${what}, which uses all CPU that it gets`];
  });
  return [
    ...(job === undefined
      ? []
      : [`it belongs to ${job.kind} ${quote(job.name, 253)}, which is meant to use all CPU that it gets`]),
    ...(label === undefined || job !== undefined ? [] : [`its label ${label[0]} makes it part of ${label[1]}`]),
    ...(BUILD_NAMESPACES.some((word) => words.includes(word))
      ? [`its namespace ${quote(namespace, 63)} is meant for builds`]
      : []),
    ...(pod !== undefined && asksForGpu(pod) ? ['it requests an accelerator, as training does'] : []),
    ...programs,
  ];
};

const asksForGpu = (pod: KubeObject): boolean =>
  records(at(pod.spec, 'containers')).some((container) =>
    ['limits', 'requests'].some((kind) =>
      Object.keys(record(at(container, 'resources', kind)) ?? {}).some((key) => GPU.test(key)),
    ),
  );

/**
 * A pod's controller as Cloud Monitoring names it: the Deployment above its ReplicaSet, where the pod's labels show it.
 */
export const controllerOf = (pod: KubeObject): { kind: string; name: string } | undefined => {
  const owner = pod.metadata.ownerReferences?.find((one) => one.controller === true);
  if (owner === undefined || owner.kind === 'Node') return undefined;
  const hash = text(pod.metadata.labels?.['pod-template-hash']);
  return owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)
    ? { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) }
    : { kind: owner.kind, name: owner.name };
};
