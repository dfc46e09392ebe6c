import type { Entry } from '../../../shared/model/entry.ts';
import type { Host } from '../../../shared/model/host.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { RequestRecord } from '../../../shared/model/request.ts';
import type { HostRef, PodSubject } from '../../../shared/model/subject.ts';
import { timeOf } from '../../../shared/model/time.ts';
import type { ReportFacts } from '../../../shared/views/report-facts.ts';
import { contained, entry, finding, T0 } from './fixtures.ts';

const at = (ms: number): string => timeOf(T0 + ms);
const COMPUTE = 'https://www.googleapis.com/compute/v1';
const GROUP = 'projects/353102999587/zones/europe-west1-b/instanceGroupManagers/gke-c1-pool-1-grp';

export const host: HostRef = {
  id: '4512345678901234567',
  node: 'gke-c1-pool-1-0a1b',
  nodeUid: '7d4429e5-f79f-47aa-a086-5e5af69dc0a1',
  project: 'p1',
  zone: 'europe-west1-b',
  instance: 'gke-c1-pool-1-0a1b',
};

export const pod: PodSubject = {
  kind: 'pod',
  uid: '6f1c0b52-9a1e-4c7e-8d57-0c3b7a5d1e01',
  namespace: 'shop',
  namespaceUid: '22e9dd40-5bc2-4737-ad69-b17aa87b6351',
  name: 'cart-7d9f',
  createdAt: at(-60_000),
  owners: [
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cart', uid: '966e58ea-dd39-4cf6-a76e-6ca3077ab094' },
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', uid: '6aa592a4-f17f-4352-abd9-3027e0cdf28d' },
  ],
  host,
  hostNetwork: false,
  hostReach: false,
  windows: false,
  addedAt: at(400),
};

const onNode = { subject: host.node, uid: host.id };
const onPod = { subject: 'shop/cart-7d9f', uid: pod.uid };
const onWorkload = { subject: 'Deployment shop/cart', uid: '6aa592a4-f17f-4352-abd9-3027e0cdf28d' };
const onNamespace = { subject: 'shop', uid: pod.namespaceUid };
const networks = [`${COMPUTE}/projects/p1/global/networks/default`];

/** An entry of every step, with the before-image that the step keeps. */
export const everyStep = (): Entry[] => [
  entry('start-snapshots', 500, {
    ...onNode,
    took: 9000,
    because: 'snapshot fb-3910756eda908113c43aea9efefdcc62abce0203',
    before: {
      disks: [{ url: `${COMPUTE}/projects/p1/zones/europe-west1-b/disks/d1`, id: '104', project: 'p1' }],
      lost: [],
      since: at(0),
    },
  }),
  entry('keep-disks', 600, { ...onNode, took: 2000, host: host.id }),
  entry('capture-evidence', 700, { ...onPod, subject: 'shop/cart-7d9f#objects', took: 200, before: {} }),
  entry('cordon-node', 800, { ...onNode, took: 90, before: { unschedulable: false, scaleDown: null } }),
  entry('deny-pod-network', 900, { ...onNamespace, took: 50, before: { existed: false } }),
  entry('quarantine-pod', 1000, {
    ...onPod,
    took: 60,
    before: {
      labels: { app: 'cart', 'pod-template-hash': '7d9f' },
      keep: {},
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
    },
  }),
  entry('freeze-workload', 1100, { ...onWorkload, took: 60, before: { value: 3 } }),
  entry('capture-evidence', 1200, { ...onPod, subject: 'shop/cart-7d9f#logs', took: 40, before: {} }),
  entry('attach-forensics', 1300, { ...onPod, took: 3000, before: { name: 'firebreak-0a1b2c3d4e', target: 'cart' } }),
  entry('leave-group', 1400, {
    ...onNode,
    took: 2300,
    before: { group: GROUP, name: 'gke-c1-pool-1-grp', url: 'x', targetSize: 3 },
  }),
  entry('drain-node', 1500, { ...onNode, took: 5000, before: { pods: ['payments/ledger-1'] } }),
  entry('restore-group-size', 1600, {
    ...onNode,
    took: 2000,
    before: { group: GROUP, name: 'gke-c1-pool-1-fbd0', size: 2 },
  }),
  entry('deny-node-network', 6500, {
    ...onNode,
    took: 4200,
    proof: 'not proven',
    because: 'not cut: metadata server and DNS at 169.254.169.254, and connections that were up before',
    before: { tags: ['gke-node'], networks },
  }),
  entry('remove-external-ip', 6600, {
    ...onNode,
    took: 2000,
    before: { addresses: [{ nic: 'nic0', config: { name: 'External NAT', type: 'ONE_TO_ONE_NAT' } }] },
  }),
  entry('open-investigation-access', 6700, {
    ...onNode,
    took: 4000,
    until: at(3_600_000),
    because:
      'gcloud compute ssh gke-c1-pool-1-0a1b --project=p1 --zone=europe-west1-b --tunnel-through-iap # until 2026-11-03T04:12:04.000Z',
    before: { networks, until: at(3_600_000), key: null },
  }),
  entry('sandbox-workload', 6800, { ...onWorkload, took: 70, before: { runtimeClass: null } }),
  entry('delete-pod', 6900, { ...onPod, state: 'not-undoable', took: 10_000, before: { controller: 'ReplicaSet' } }),
  entry('snapshots-ready', 7000, { ...onNode, took: 2000, before: { disks: [], lost: [], since: at(0) } }),
  entry('delete-workload', 7100, { ...onWorkload, state: 'not-undoable', took: 900, before: { manager: null } }),
  entry('kill-container', 7200, { ...onPod, took: 900, before: { node: host.node, runtime: 'containerd' } }),
  entry('delete-host', 7300, {
    ...onNode,
    state: 'failed',
    proof: null,
    took: 900,
    because: 'the group answered 403',
    before: { group: GROUP, name: host.instance, disks: [] },
  }),
];

/** The document of a host, with the entry of a step that incidents share. */
const shared = (): Host => ({
  v: 1,
  rev: 1,
  writer: 'w',
  id: host.id,
  instance: host.instance ?? '',
  node: host.node,
  holders: ['i-0a1b2c3d4e5f-1'],
  journal: [entry('keep-disks', 600, { ...onNode, before: { devices: ['persistent-disk-0'] } })],
});

export const reportedIncident = (over: Partial<Incident> = {}): Incident =>
  contained({
    id: 'i-0a1b2c3d4e5f-1',
    subjects: [pod],
    findings: [finding({ rule: 'exec-reverse-shell', source: 'gke-audit-log' })],
    summary: {
      count: 1,
      maxima: [
        {
          rule: 'exec-reverse-shell',
          severity: 'high',
          confidence: 0.9,
          family: 'exec',
          conclusive: true,
          finding: 'f-1',
        },
      ],
      firstAt: at(0),
      lastAt: at(0),
      principals: ['ana@example.com'],
    },
    decision: {
      verdict: 'act',
      tier: 'quarantine',
      asked: { tier: 'delete-workload', plan: 'b7d0c4e19a52', until: at(3_600_000) },
      because: ['high with confidence 0.90 is quarantine in the matrix'],
      policyHash: '3fa9c1d2e4b5a697',
      at: at(410),
    },
    journal: everyStep(),
    ...over,
  });

/** The incident under a policy that is tried out. */
export const dryRun = (): Incident => {
  const { decision, ...rest } = reportedIncident();
  return { ...rest, decision: decision && { ...decision, verdict: 'dry-run' } };
};

/** Two requests in the name of ana@example.com: without a proof, and with one of somebody else. */
export const requestsInOneName = (): RequestRecord[] =>
  [{}, { operator: 'bo@example.com' }].map((over, n) => ({
    v: 1,
    rev: 1,
    writer: 'w',
    id: `r-${n}`,
    request: { action: 'release', reason: 'all clear', requestedBy: 'ana@example.com' },
    publishedAt: at(50_000),
    firstSeenAt: at(50_000),
    state: 'accepted',
    ...over,
  }));

const key = (part: string): string => `incidents/i-0a1b2c3d4e5f-1/${pod.uid}/${part}`;

export const reportFacts = (over: Partial<ReportFacts> = {}): ReportFacts => ({
  incident: reportedIncident(),
  hosts: new Map([[host.id, shared()]]),
  requests: [],
  moreRequests: false,
  valid: [
    {
      pod: 'shop/cart-7d9f',
      exhibit: {
        serviceAccount: 'shop/cart',
        googleServiceAccount: 'cart@p1.iam.gserviceaccount.com',
        bindings: [{ kind: 'RoleBinding', name: 'cart-reader' }],
        secrets: [{ name: 'cart-db' }],
        node: [],
        unread: [],
        revoke: [
          {
            ends: 'every token of the service account',
            command: 'kubectl --context=gke_p1_europe-west1_c1 -n shop delete serviceaccount cart',
          },
        ],
      },
    },
  ],
  manifests: [
    {
      subject: 'shop/cart-7d9f#objects',
      key: key('objects/manifest.json'),
      at: at(900),
      kept: [
        { name: 'pod.json', key: key('objects/pod.json'), sha256: 'ab'.repeat(32), size: 2867 },
        { name: 'bindings.json', missing: 'the API server answered 403' },
      ],
    },
    { subject: 'shop/cart-7d9f#logs', key: key('logs/manifest.json'), unread: 'The evidence has no such manifest.' },
  ],
  evidenceAt: 'gs://p1-evidence',
  ruleOf: (id) =>
    id === 'exec-reverse-shell'
      ? {
          title: 'Reverse shell started in a pod',
          why: 'It hands the pod to whoever listens.',
          technique: [{ id: 'T1059.004', name: 'Unix Shell' }],
        }
      : undefined,
  madeAt: at(60_000),
  ...over,
});
