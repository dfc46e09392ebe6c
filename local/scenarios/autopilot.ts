import { clusterName } from '../../shared/model/target.ts';
import { SHOP } from '../world/seed.ts';
import { endingMissing, stepsMissing } from './ending.ts';
import { reverseShell } from './reverse-shell.ts';
import type { Scenario } from './scenario.ts';

const NODE_STEPS = ['start-snapshots', 'keep-disks', 'cordon-node'];

/** The reverse shell on an Autopilot cluster: the pod is quarantined, and steps that would touch nodes are refused. */
export const autopilot: Scenario = {
  ...reverseShell,
  id: 'autopilot',
  title: 'A reverse shell on an Autopilot cluster',
  story: [
    ...reverseShell.story,
    'Autopilot manages the nodes: every step that would change a node is refused, with the reason.',
  ],
  events: (world, now) => {
    const cluster = world.clusters.get(clusterName(SHOP));
    if (cluster === undefined) throw new Error('the world has no shop: seed it with seedShop');
    Object.assign(cluster.described, { autopilot: { enabled: true } });
    // The VMs are in a project of Google's, where nobody else may read them.
    const refusal = { kind: 'refuse', status: 403, reason: 'forbidden' } as const;
    world.compute.script({ ...refusal, method: 'Instances.Get', times: Number.POSITIVE_INFINITY });
    return reverseShell.events(world, now);
  },
  missing: (incidents) => {
    const [incident] = incidents;
    if (incident === undefined) return ['no incident was opened'];
    const refused = NODE_STEPS.filter(
      (step) => !incident.journal.some((e) => e.step === step && e.state === 'refused'),
    );
    const others = stepsMissing(incident).filter((sentence) => !NODE_STEPS.some((step) => sentence.startsWith(step)));
    return [
      ...endingMissing(incident, { verdict: 'act', tier: 'quarantine' }),
      ...refused.map((step) => `${step} was not refused`),
      ...others,
    ];
  },
};
