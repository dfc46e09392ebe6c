import { CONTAIN } from '../kit/containment.ts';
import { contain, deed, type Given, SECOND_MS } from './course.ts';
import { needsCarts } from './courses-back.ts';
import type { Victim } from './deeds.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

/** A group takes long to let go of a VM. */
const slowLeave = async ({ world }: Stage): Promise<void> => {
  world.compute.state.scripts.push({
    ...{ kind: 'slow', ms: 45_000 },
    ...{ method: 'InstanceGroupManagers.AbandonInstances', actor: CONTAIN },
  });
};

/**
 * The drain of a node is blocked, or its group takes long to let go of it, and mostly a higher tier is requested and
 * approved meanwhile.
 */
export const slowDrain = ({ chance, all }: Given): Event[] => {
  const isCart = ({ name }: Victim): boolean => name.startsWith('cart-');
  // Not a pod that reaches its node: such a node is cut before it is drained.
  const beside = all.filter(
    ({ name, node }) => /^(ledger|nightly)-/.test(name) && all.some((other) => isCart(other) && other.node === node),
  );
  const victim = chance.pick(beside.length > 0 ? beside : all.filter(isCart));
  // Begins before the story does, because the budget allows only one node.
  const start = chance.between(500, 4_000);
  const risen = start + chance.between(5_000, 70_000);
  const approve = (atMs: number): Event => ({
    atMs,
    what: 'approve',
    happen: (s) => deed('approve', s, chance, victim, 5100),
  });
  const isBlocked = chance.happens(0.6);
  const rises = chance.happens(0.6);
  const tier = chance.pick(['delete-workload', 'delete-workload', 'redeploy'] as const);
  return [
    isBlocked
      ? { atMs: 0, what: 'let no cart be evicted', happen: needsCarts(3) }
      : { atMs: 0, what: 'let a group take long', happen: slowLeave },
    ...(isBlocked
      ? [{ atMs: risen + chance.between(20, 90) * SECOND_MS, what: 'let carts be evicted', happen: needsCarts(2) }]
      : []),
    { atMs: start, what: 'contain', happen: (s) => contain(s, chance, victim, 'isolate', false) },
    approve(start + 1_000),
    ...(rises
      ? [
          { atMs: risen, what: 'contain further', happen: (s: Stage) => contain(s, chance, victim, tier, false) },
          approve(risen + 1_000),
        ]
      : []),
  ];
};
