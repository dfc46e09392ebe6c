import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { weakerIn } from '../weaker-cluster.ts';

/** A change of a cluster's settings that makes it easier to take over. */
export const clusterSecurityWeakened = adminRule({
  id: 'cluster-security-weakened',
  title: 'Protection of a cluster weakened',
  sees: 'A change of a cluster or node pool that opens its API server or the read-only port of kubelets, turns on legacy authorization, passwords, client certificates or `externalIPs` of Services, allows roles for everybody, gives pods the service account of their node, or turns off Binary Authorization, logging, monitoring, network policies, the security posture, Workload Identity, shielded nodes or encryption; and a policy of Binary Authorization that by default admits every image.',
  why: 'Each of these changes makes the next step of an attack possible, or hides it.',
  technique: [{ id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' }],
  severity: 'high',
  confidence: 0.75,
  family: 'identity',
  falsePositives: ['Migrations', 'Test clusters'],
  services: ['container.googleapis.com', 'binaryauthorization.googleapis.com'],
  methods:
    'UpdateCluster|(Create|Update)NodePool|Set(LegacyAbac|(Logging|Monitoring)Service|NetworkPolicy|MasterAuth)|UpdatePolicy',
  example: 'gcloud container clusters update c1 --no-enable-master-authorized-networks',
  match: (signal) => {
    const weaker = weakerIn(verbOf(signal), signal.request ?? {});
    const what = quote(signal.resourceName ?? 'a cluster');
    return weaker.length === 0
      ? undefined
      : { because: weaker.map((says) => `${shownCaller(signal)} changed ${what}: ${says}`) };
  },
});
