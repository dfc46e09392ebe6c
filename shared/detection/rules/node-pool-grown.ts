import { at, integer, type Loose, record, records, text } from '../../kubernetes/loose.ts';
import { quote } from '../../text.ts';
import { ACCELERATED } from '../accelerated.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { isGoogleAgent } from '../members.ts';

const LARGE = 32;
const MANY = 20;

/** A cluster got, or may now get, much more computing power. */
export const nodePoolGrown = adminRule({
  id: 'node-pool-grown',
  title: 'Large node pool created, or its limit raised',
  sees: `A node pool with accelerators, with machines of ${LARGE} processors or more, or with a limit of ${MANY} nodes or more, that anyone but a service of Google created or changed. The log entry does not show the previous values.`,
  why: 'Attackers who mine in a cluster enlarge it first.',
  technique: [{ id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' }],
  severity: 'medium',
  confidence: 0.5,
  family: 'identity',
  falsePositives: ['Planned capacity', 'Machine learning teams'],
  services: ['container.googleapis.com'],
  methods: 'CreateNodePool|UpdateNodePool|SetNodePoolAutoscaling|SetNodePoolSize',
  example: 'gcloud container node-pools create gpu --cluster=c1 --accelerator=type=nvidia-l4 --max-nodes=100',
  match: (signal) => {
    if (isGoogleAgent(signal.principal) || signal.principalClass === 'system') return undefined;
    const because = reasonsIn(signal.request ?? {});
    const what = quote(signal.resourceName ?? 'a node pool');
    return because.length === 0
      ? undefined
      : { because: because.map((reason) => `${shownCaller(signal)} changed ${what}: ${reason}`) };
  },
});

const reasonsIn = (request: Loose): string[] => {
  const pool = record(request.nodePool) ?? request;
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
