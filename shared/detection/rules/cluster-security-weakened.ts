import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { weakerIn } from '../weaker-cluster.ts';

/** A change of a cluster's settings that makes it easier to take over. */
export const clusterSecurityWeakened = adminRule({
  id: 'cluster-security-weakened',
  title: 'Protection of a cluster weakened',
  sees: 'A change of a cluster that opens its API server, turns on legacy authorization, or turns off Binary Authorization, logging, network policies, Workload Identity, shielded nodes or encryption.',
  why: 'Each of these changes makes the next step of an attack possible, or hides it.',
  technique: [{ id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' }],
  severity: 'high',
  confidence: 0.75,
  family: 'identity',
  falsePositives: ['Migrations', 'Test clusters'],
  services: ['container.googleapis.com'],
  methods: 'UpdateCluster|SetLegacyAbac|SetLoggingService|SetNetworkPolicy|SetMasterAuth',
  example: 'gcloud container clusters update c1 --no-enable-master-authorized-networks',
  match: (signal) => {
    const weaker = weakerIn(verbOf(signal), signal.request ?? {});
    const what = quote(signal.resourceName ?? 'a cluster');
    return weaker.length === 0
      ? undefined
      : { because: weaker.map((says) => `${shownCaller(signal)} changed ${what}: ${says}`) };
  },
});
