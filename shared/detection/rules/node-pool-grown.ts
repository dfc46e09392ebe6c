import { at, integer, type Loose, record, records, text } from '../../kubernetes/loose.ts';
import { quote } from '../../text.ts';
import { ACCELERATED } from '../accelerated.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { isOfPlatform } from '../members.ts';

/** More processors than ordinary clusters are allowed to grow to by themselves. */
const MANY_CPUS = 1000;
const LARGE = 32;
const MANY = 20;

/** A cluster got, or may now get, much more computing power. */
export const nodePoolGrown = adminRule({
  id: 'node-pool-grown',
  title: 'Large node pool created, or its limit raised',
  sees: `A node pool with accelerators, with machines of ${LARGE} processors or more, or with a limit of ${MANY} nodes or more, that anyone but a service of Google created or changed, also as part of a new cluster; and a cluster that may add such nodes by itself: accelerators, or ${MANY_CPUS} processors or more. The log entry does not show the previous values.`,
  why: 'Attackers who mine in a cluster enlarge it first.',
  technique: [{ id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' }],
  severity: 'medium',
  confidence: 0.5,
  family: 'identity',
  falsePositives: ['Planned capacity', 'Machine learning teams'],
  services: ['container.googleapis.com'],
  methods: '(Create|Update)(Cluster|NodePool)|SetNodePool(Autoscaling|Size)',
  example: 'gcloud container node-pools create gpu --cluster=c1 --accelerator=type=nvidia-l4 --max-nodes=100',
  match: (signal) => {
    if (isOfPlatform(signal)) return undefined;
    const because = reasonsFor(signal.request ?? {});
    const what = quote(signal.resourceName ?? 'a node pool');
    return because.length === 0
      ? undefined
      : { because: because.map((reason) => `${shownCaller(signal)} changed ${what}: ${reason}`) };
  },
});

/** What is large in a request about a cluster or a node pool, each reason once. */
const reasonsFor = (request: Loose): string[] => {
  const cluster = record(request.cluster);
  const update = record(request.update);
  if (update !== undefined)
    return [...grownByItself(update), ...reasonsIn({ autoscaling: update.desiredNodePoolAutoscaling })];
  const pools =
    cluster === undefined ? [record(request.nodePool) ?? request] : [cluster, ...records(cluster.nodePools)];
  return [...new Set(pools.flatMap(reasonsIn))];
};

const grownByItself = (update: Loose): string[] =>
  records(at(update, 'desiredClusterAutoscaling', 'resourceLimits')).flatMap(({ resourceType, maximum }) => {
    const what = text(resourceType) ?? '';
    const most = integer(maximum) ?? 0;
    if (what === 'memory' || most === 0 || (what === 'cpu' && most < MANY_CPUS)) return [];
    return [`it may add nodes by itself, with ${most} of ${quote(what, 60)} in all`];
  });

const reasonsIn = (pool: Loose): string[] => {
  const config = record(pool.config) ?? pool;
  const machine = text(config.machineType) ?? '';
  const limits = [
    at(pool, 'autoscaling', 'maxNodeCount'),
    at(pool, 'autoscaling', 'totalMaxNodeCount'),
    pool.initialNodeCount,
    pool.nodeCount,
  ];
  const most = Math.max(...limits.map((limit) => integer(limit) ?? 0));
  return [
    ...(records(config.accelerators).length > 0 || ACCELERATED.test(machine) ? ['its machines have accelerators'] : []),
    ...(Number(/-(\d{1,4})$/.exec(machine)?.[1] ?? 0) >= LARGE ? [`its machines are ${quote(machine, 60)}`] : []),
    ...(most >= MANY ? [`it may have ${most} nodes`] : []),
  ];
};
