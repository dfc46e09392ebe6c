import { alike } from '../alike.ts';
import { resourceOf } from '../kubernetes/call.ts';
import { at, type Loose, record, records, text } from '../kubernetes/loose.ts';
import { isSystemNamespace } from '../kubernetes/namespaces.ts';
import { mergesOf } from '../kubernetes/patch.ts';
import { POD_SPEC_PATHS, type PodSpec, podSpecOf } from '../kubernetes/pod-spec.ts';
import { WORKLOAD_RESOURCES, workloadKindOf } from '../kubernetes/workloads.ts';
import type { AuditSignal } from '../model/signal.ts';
import { plain, quote } from '../text.ts';
import { toldOnce } from '../told-once.ts';
import { isAllowedPair, isPodMaker } from './allowed-pairs.ts';
import { type CallSignal, type Calls, WRITES } from './calls.ts';
import { claimOf, shownDeed } from './claim.ts';
import type { Claim } from './rule.ts';

/** Pods that a call writes, directly or by the template of a controller. */
type WrittenPods = {
  /** As requested and as answered: admission may have changed the requested one. */
  specs: PodSpec[];
  /** A controller made the pod from a template that somebody else wrote earlier; this event does not say who. */
  byController: boolean;
  /** The object concerned, and a sentence on who wrote what. A function, because few rules ever need it. */
  tell(): { on?: Claim; sentence: string };
};

/** Writes of pods and of templates of pods, including pods that controllers make for users. */
export const POD_WRITES: readonly Calls[] = [
  { resources: [...WORKLOAD_RESOURCES, 'core/pods/ephemeralcontainers'], verbs: WRITES },
  { resources: ['core/pods'], verbs: ['create'], expected: 'among-users' },
];

const DID: Readonly<Record<string, string>> = { create: 'created', update: 'changed', patch: 'changed' };

/** Images that Google or the Kubernetes project publishes: nobody else can push to these registries. */
const PLATFORM_IMAGE =
  /^(gke\.gcr\.io|registry\.k8s\.io|k8s\.gcr\.io|gcr\.io\/(gke-release|google[_-]containers)|[a-z0-9-]{1,40}-artifactregistry\.gcr\.io\/gke-release)\//;

/** Whether an image is one of the platform's. */
export const isPlatformImage = (image: string | undefined): boolean => PLATFORM_IMAGE.test(image ?? '');

/**
 * The pods that a call writes or tried to write. Undefined where it writes none, leaves the pod spec unchanged, or is
 * routine work of the machinery. A pod made by a controller is reported outside system namespaces, for its owner,
 * unless only the platform's own images run in it.
 */
export const writtenPodsOf = toldOnce((signal: CallSignal): WrittenPods | undefined => {
  const { call } = signal;
  const kind = workloadKindOf(call);
  const did = DID[call.verb];
  if (kind === undefined || did === undefined) return undefined;
  if (call.subresource !== undefined && resourceOf(call) !== 'core/pods/ephemeralcontainers') return undefined;
  const specs = call.subresource === undefined ? specsOf(signal, kind) : specsOf(signal, kind).map(addedIn);
  if (specs.length === 0) return undefined;
  const sentenceOf = (): string => shownDeed(signal, did, 'write');
  if (!isAllowedPair(signal))
    return { specs, byController: false, tell: () => ({ ...claimed(claimOf(signal)), sentence: sentenceOf() }) };
  const ours = isSystemNamespace(call.namespace ?? '') || specs.every(isOfPlatform);
  if (!isPodMaker(signal) || kind !== 'Pod' || call.verb !== 'create' || ours) return undefined;
  return { specs, byController: true, tell: () => byControllerOf(signal, sentenceOf()) };
});

const byControllerOf = (signal: AuditSignal, sentence: string): { on?: Claim; sentence: string } => {
  const owner = ownerOf(signal);
  if (owner?.workload === undefined) return { ...claimed(owner ?? claimOf(signal)), sentence };
  const { kind, name } = owner.workload;
  return {
    on: owner,
    sentence: `${sentence} for ${plain(kind, 63)} ${quote(name, 253)}; this event does not show who wrote its template`,
  };
};

const claimed = (on: Claim | undefined): { on?: Claim } => (on === undefined ? {} : { on });

const isOfPlatform = (spec: PodSpec): boolean => spec.containers.every(({ image }) => isPlatformImage(image));

const specsOf = ({ call, request, response }: AuditSignal, kind: string): PodSpec[] => {
  // A patch of the labels of a workload that was privileged before brings no news.
  if (call?.verb === 'patch' && touchesSpec(request, POD_SPEC_PATHS[kind] ?? []) === false) return [];
  const [asked, answered] = [podSpecOf(kind, request), podSpecOf(kind, response)];
  if (asked === undefined && answered === undefined)
    return mergesOf(request).flatMap((merge) => podSpecOf(kind, merge) ?? []);
  if (asked === undefined || answered === undefined) return [asked ?? answered].filter((spec) => spec !== undefined);
  // Admission mostly changes none of the fields that are read: then one spec is enough, so that no rule looks at the
  // same twice.
  return alike(asked, answered) ? [asked] : [asked, answered];
};

/** Of a pod to which containers are added only these: what the pod itself may do was granted before, and is no news. */
const addedIn = ({ containers, windows }: PodSpec): PodSpec => ({
  containers: containers.filter(({ role }) => role === 'ephemeral'),
  hostPID: false,
  hostIPC: false,
  hostNetwork: false,
  shareProcessNamespace: false,
  hostPaths: [],
  gitRepos: [],
  windows,
});

/** Whether a patch changes the pod spec; undefined where the body does not show it. */
const touchesSpec = (patch: Loose | undefined, path: readonly string[]): boolean | undefined => {
  if (patch === undefined) return undefined;
  if (Array.isArray(patch.patch)) {
    const pointer = `/${path.join('/')}`;
    return records(patch.patch).some(({ op, path: to }) => {
      const where = text(to) ?? '';
      return op !== 'test' && (where.startsWith(pointer) || pointer.startsWith(`${where}/`) || where === '');
    });
  }
  if (record(patch.spec) === undefined && record(patch.metadata) === undefined) return undefined;
  return record(at(patch, ...path)) !== undefined;
};

/** The controller that owns a created pod, as the server recorded it. */
const ownerOf = ({ call, request, response }: AuditSignal): Claim | undefined => {
  const owners = [response, request].flatMap((body) => records(at(body, 'metadata', 'ownerReferences')));
  const owner = owners.find((one) => one.controller === true);
  const kind = text(owner?.kind);
  const name = text(owner?.name);
  const uid = text(owner?.uid);
  if (call?.namespace === undefined || kind === undefined || name === undefined) return undefined;
  return { namespace: call.namespace, workload: { kind, name }, ...(uid === undefined ? {} : { uid }) };
};
