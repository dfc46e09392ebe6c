import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** A whole cluster is deleted by hand. */
export const clusterDeleted = adminRule({
  id: 'cluster-deleted',
  title: 'Cluster deleted',
  sees: 'The start of the deletion of a cluster, by anyone but a service account.',
  why: 'It destroys all workloads and all evidence. Usually the owner does it, and nothing is left to contain.',
  technique: [{ id: 'T1485', name: 'Data Destruction' }],
  severity: 'medium',
  confidence: 0.5,
  family: 'identity',
  falsePositives: ['Test clusters', 'Infrastructure code run by hand'],
  services: ['container.googleapis.com'],
  methods: 'DeleteCluster',
  example: 'gcloud container clusters delete c1',
  match: (signal) =>
    ['automation', 'system'].includes(signal.principalClass)
      ? undefined
      : { because: [`${shownCaller(signal)} started the deletion of ${quote(signal.resourceName ?? 'a cluster')}`] },
});
