import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** A whole cluster is deleted by hand. */
export const clusterDeleted = adminRule({
  id: 'cluster-deleted',
  title: 'Cluster deleted',
  sees: 'The beginning of the deletion of a cluster, by anyone but a service account.',
  why: 'It destroys whatever ran there, and all evidence. Mostly it is its owner who does so, and nothing is left to contain.',
  technique: [{ id: 'T1485', name: 'Data Destruction' }],
  severity: 'medium',
  confidence: 0.5,
  family: 'identity',
  falsePositives: ['Clusters that are made for a test', 'People who run infrastructure code by hand'],
  services: ['container.googleapis.com'],
  methods: 'DeleteCluster',
  example: 'gcloud container clusters delete c1',
  match: (signal) =>
    ['automation', 'system'].includes(signal.principalClass)
      ? undefined
      : { because: [`${shownCaller(signal)} began to delete ${quote(signal.resourceName ?? 'a cluster')}`] },
});
