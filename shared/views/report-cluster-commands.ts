import { z } from 'zod';
import { QUARANTINE_LABEL, QUARANTINE_POLICY, QUARANTINE_VALUE, SCALE_DOWN_DISABLED } from '../containment/marks.ts';
import { freezeOf, freezePatch, frozenValue } from '../containment/verdicts/freeze.ts';
import { labelPatch, quarantineLabels } from '../containment/verdicts/quarantine-labels.ts';
import { runtimeClassPatch, SANDBOX, sandboxPlace } from '../containment/verdicts/sandbox.ts';
import { tolerateForever, toleration } from '../containment/verdicts/tolerations.ts';
import { Malformed } from '../errors.ts';
import type { HostRef, PodSubject } from '../model/subject.ts';
import { shellLine } from '../shell.ts';
import { kindArgument, labelWords, namespaceName, objectName, printable, uidOf, vmWords } from './report-names.ts';
import { imageIn, quarantined, type ReportStep } from './report-steps.ts';

const tolerating = quarantined.extend({ tolerations: z.array(toleration).default([]) });
const attached = z.looseObject({ name: z.string(), target: z.string() });

const podWords = ({ namespace, name }: PodSubject): [name: string, flag: string] => [
  objectName(name),
  `--namespace=${namespaceName(namespace)}`,
];

export const cordonNode = (step: ReportStep): string[] => {
  const node = objectName(step.host().node);
  return [
    shellLine('kubectl', 'cordon', node),
    shellLine('kubectl', 'annotate', 'node', node, `${SCALE_DOWN_DISABLED}=true`),
  ];
};

/** The policy is piped to kubectl as one line of JSON, which is YAML too; a shell interprets nothing in it. */
export const denyPodNetwork = ({ entry }: ReportStep): string[] => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: QUARANTINE_POLICY, namespace: namespaceName(entry.subject) },
    spec: {
      podSelector: { matchLabels: { [QUARANTINE_LABEL]: QUARANTINE_VALUE } },
      policyTypes: ['Ingress', 'Egress'],
    },
  };
  return [`${shellLine('echo', JSON.stringify(policy))} | kubectl apply -f -`];
};

export const quarantinePod = (step: ReportStep): string[] => {
  const pod = step.pod();
  const was = imageIn(tolerating, step);
  const next = quarantineLabels(was.labels, pod.owners[0]?.kind, was.keep);
  const words = labelWords(labelPatch(was.labels, next));
  const tolerations = JSON.stringify({ spec: { tolerations: tolerateForever(was.tolerations) } });
  return [
    shellLine('kubectl', 'label', 'pod', ...podWords(pod), '--overwrite', ...words),
    shellLine('kubectl', 'patch', 'pod', ...podWords(pod), '--type=merge', '--patch', printable(tolerations)),
  ];
};

const patched = (step: ReportStep, spec: Record<string, unknown>): string[] => {
  const { owner, namespace } = step.owner();
  const flags = [`--namespace=${namespaceName(namespace)}`, '--type=merge', '--patch', JSON.stringify({ spec })];
  return [shellLine('kubectl', 'patch', kindArgument(owner), objectName(owner.name), ...flags)];
};

export const freezeWorkload = (step: ReportStep): string[] => {
  const way = freezeOf(step.owner().owner.kind);
  if (way === undefined) throw new Malformed('no way is known to stop a controller of this kind');
  return patched(step, freezePatch(way, frozenValue(way)));
};

export const sandboxWorkload = (step: ReportStep): string[] => {
  const place = sandboxPlace(step.owner().owner.kind);
  if (place === undefined) throw new Malformed('the template of this kind cannot be changed');
  return patched(step, runtimeClassPatch(place, SANDBOX));
};

export const drainNode = (step: ReportStep): string[] => [
  shellLine(
    'kubectl',
    'drain',
    objectName(step.host().node),
    `--pod-selector=${QUARANTINE_LABEL}!=${QUARANTINE_VALUE}`,
    '--ignore-daemonsets',
    '--timeout=120s',
  ),
];

export const deletePod = (step: ReportStep): string[] => [
  shellLine('kubectl', 'delete', 'pod', ...podWords(step.pod()), '--grace-period=10'),
];

export const deleteWorkload = (step: ReportStep): string[] => {
  const { owner, namespace } = step.owner();
  const pods = step.incident.subjects.flatMap((s) =>
    s.kind === 'pod' && s.owners.some(({ uid }) => uid === owner.uid) ? [s] : [],
  );
  return [
    shellLine(
      'kubectl',
      'delete',
      kindArgument(owner),
      objectName(owner.name),
      `--namespace=${namespaceName(namespace)}`,
    ),
    ...pods.map((pod) => shellLine('kubectl', 'delete', 'pod', ...podWords(pod))),
  ];
};

/** Runs on the node and finds the pod by its UID, since the API no longer knows it. */
export const killContainer = (step: ReportStep): string[] => {
  const { host } = step.pod();
  if (host === undefined) throw new Malformed('the pod was never placed on a node');
  const { name, at } = vmWords(host);
  const found = `sudo crictl pods --quiet --label io.kubernetes.pod.uid=${uidOf(step.entry.uid)}`;
  const script = `for id in $(${found}); do sudo crictl stopp $id; sudo crictl rmp --force $id; done`;
  return [shellLine('gcloud', 'compute', 'ssh', name, ...at, '--tunnel-through-iap', `--command=${script}`)];
};

export const attachForensics = (step: ReportStep): string[] => {
  const was = attached.safeParse(step.before).data;
  const target = was === undefined ? [] : [`--target=${objectName(was.target)}`, `--container=${objectName(was.name)}`];
  const words = ['kubectl', 'debug', ...podWords(step.pod()), '--stdin', '--tty', ...target];
  return [`${shellLine(...words)} --image="$FORENSICS_IMAGE"`];
};

const captureHost = (host: HostRef): string[] => {
  const vm = host.instance === undefined ? undefined : vmWords(host);
  return [
    shellLine('kubectl', 'get', 'node', objectName(host.node), '--output=yaml'),
    ...(vm === undefined
      ? []
      : [
          shellLine('gcloud', 'compute', 'instances', 'describe', vm.name, ...vm.at),
          shellLine(
            'gcloud',
            'compute',
            'instances',
            'network-interfaces',
            'get-effective-firewalls',
            vm.name,
            ...vm.at,
          ),
        ]),
  ];
};

const captureNode = (host: HostRef): string[] => {
  const node = objectName(host.node);
  const about = `involvedObject.kind=Node,involvedObject.name=${node}`;
  return [
    ...captureHost(host),
    shellLine('kubectl', 'get', 'events', '--namespace=default', `--field-selector=${about}`, '--output=yaml'),
    shellLine('kubectl', 'get', 'pods', '--all-namespaces', `--field-selector=spec.nodeName=${node}`, '--output=wide'),
  ];
};

const capturePod = (pod: PodSubject): string[] => {
  const [name, flag] = podWords(pod);
  const { host } = pod;
  return [
    shellLine('kubectl', 'get', 'pod', name, flag, '--output=yaml'),
    ...pod.owners.map((owner) =>
      shellLine('kubectl', 'get', kindArgument(owner), objectName(owner.name), flag, '--output=yaml'),
    ),
    shellLine(
      'kubectl',
      'get',
      'events',
      flag,
      `--field-selector=involvedObject.uid=${uidOf(pod.uid)}`,
      '--output=yaml',
    ),
    ...(host === undefined ? [] : captureHost(host)),
  ];
};

/** The commands for what capture-evidence keeps of a pod, its logs, or a node; each line prints something. */
export const captureEvidence = (step: ReportStep): string[] => {
  const { subject } = step.entry;
  if (subject.endsWith('#logs'))
    return [shellLine('kubectl', 'logs', ...podWords(step.pod()), '--all-containers', '--prefix', '--timestamps')];
  return subject.includes('/') ? capturePod(step.pod()) : captureNode(step.host());
};
