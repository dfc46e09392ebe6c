import { openIncident } from '../../../shared/decision/correlate.ts';
import { DEFAULT_POLICY, type Policy } from '../../../shared/decision/policy.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { PodSubject } from '../../../shared/model/subject.ts';
import { timeOf } from '../../../shared/model/time.ts';

export const NOW = Date.parse('2026-03-02T03:00:00.000Z');

/** The default policy in mode `act`. */
export const ACT: Policy = { ...DEFAULT_POLICY, mode: 'act' };
export const RULES = { policy: ACT, policyHash: 'h' };

export const pod = (over: Partial<PodSubject> = {}): PodSubject => ({
  kind: 'pod',
  uid: 'pod-1',
  namespace: 'shop',
  namespaceUid: 'ns-1',
  name: 'cart-1',
  createdAt: timeOf(NOW),
  owners: [
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cart-5d', uid: 'rs-1' },
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', uid: 'd-1' },
  ],
  host: { id: '7', node: 'n1', nodeUid: 'node-1' },
  hostNetwork: false,
  hostReach: false,
  windows: false,
  addedAt: timeOf(NOW),
  ...over,
});

export const finding = (over: Partial<Finding> = {}): Finding => ({
  v: 1,
  id: 'f-1',
  rule: 'r-1',
  severity: 'high',
  confidence: 0.9,
  because: ['it was seen'],
  target: { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop', pod: 'cart-1' },
  at: timeOf(NOW),
  source: 'gke-audit-log',
  family: 'exec',
  ...over,
});

/** An incident on one pod of the namespace `shop`. */
export const incidentOn = (over: Partial<Incident> = {}): Incident => ({
  ...openIncident(
    {
      id: 'i-1-1',
      key: 'd-1',
      episode: 1,
      target: { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop', pod: 'cart-1' },
      subjects: [pod()],
      window: { from: timeOf(NOW), until: timeOf(NOW + 1_800_000), closesAt: timeOf(NOW + 86_400_000) },
      cooldownUntil: undefined,
    },
    NOW,
  ),
  ...over,
});
