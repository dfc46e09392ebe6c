import type { PlantedBug } from './planted.ts';

/** Bugs in what incidents hand on to each other: on a node, on a pod, and from one episode to the next. */
export const PLANTED_BETWEEN_INCIDENTS: readonly PlantedBug[] = [
  {
    name: 'change of a released incident lost by a close',
    seed: 90_304,
    changes: [
      {
        file: 'shared/containment/close.ts',
        find: 'if (left.length === 0) continue;',
        plant: 'if (left.length >= 0) continue;',
      },
    ],
  },
  {
    name: 'nodes that replace deleted ones deleted in turn',
    seed: 133,
    changes: [
      {
        file: 'shared/decision/replacements.ts',
        find: 'NODE_TAKEN_BY.has(e.step) &&',
        plant: 'NODE_TAKEN_BY.has(e.step) && e.rev < 0 &&',
      },
    ],
  },
];
