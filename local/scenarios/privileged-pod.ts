import { clusterName } from '../../shared/model/target.ts';
import { timeOf } from '../../shared/model/time.ts';
import { SHOP } from '../world/seed.ts';
import { auditEntry } from './audit-entry.ts';
import { endingMissing, stepsMissing } from './ending.ts';
import type { Scenario } from './scenario.ts';

const NAMESPACE = 'shop';
const APP = 'node-tuner';
const labels = { app: APP };
const draft = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: APP, namespace: NAMESPACE, labels },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          { name: 'tuner', image: 'registry.example.com/tuner:1.0.0', securityContext: { privileged: true } },
        ],
      },
    },
  },
};

/**
 * Somebody deploys a privileged workload, perhaps by mistake. Expected end: its evidence is kept and nothing is cut.
 */
export const privilegedPod: Scenario = {
  id: 'privileged-pod',
  title: 'A privileged workload',
  story: [
    'bo@example.com deploys shop/node-tuner, whose container is privileged and has access to the node itself.',
    'That alone does not prove an attack, so disks and evidence are kept, and everything keeps running.',
  ],
  events: (world, now) => {
    const made = world.clusters.get(clusterName(SHOP))?.apply(draft, 'bo@example.com');
    if (made === undefined) throw new Error('the world has no shop: seed it with seedShop');
    return [
      {
        afterMs: 0,
        topic: 'audit-log',
        body: auditEntry({
          ...SHOP,
          at: timeOf(now),
          principal: 'bo@example.com',
          verb: 'create',
          group: 'apps',
          resource: 'deployments',
          namespace: NAMESPACE,
          name: APP,
          request: draft,
          response: { ...draft, metadata: { ...draft.metadata, uid: made.metadata.uid } },
        }),
      },
    ];
  },
  missing: (incidents) => {
    const incident = incidents.find(({ target }) => target.workload?.name === APP);
    if (incident === undefined) return [`no incident on ${NAMESPACE}/${APP} was opened`];
    return [...endingMissing(incident, { verdict: 'act', tier: 'snapshot' }), ...stepsMissing(incident)];
  },
};
