import type { PlantedBug } from './planted.ts';

/** Bugs in asks, in what is told, in who holds a node, and in the order of changes and of their undo. */
export const PLANTED_IN_PROMISES: readonly PlantedBug[] = [
  {
    name: 'approval of another plan',
    seed: 14,
    changes: [
      {
        file: 'shared/decision/requests/answer.ts',
        find: 'return request.plan === plan\n',
        plant: "return request.plan !== ''\n",
      },
    ],
  },
  {
    name: 'cooldown ignored',
    seed: 5017,
    changes: [
      {
        file: 'shared/decision/correlate.ts',
        find: "previous?.goal?.tier === 'released' ? timeOf",
        plant: "previous?.goal?.tier === 'closed' ? timeOf",
      },
    ],
  },
  {
    name: 'notice published before it was stored',
    seed: 5002,
    changes: [
      {
        file: 'shared/incidents.ts',
        find: 'return changed === undefined || changed === current ? current : putIncident(ports, changed, current.rev);',
        plant:
          "if (changed === undefined || changed === current) return current;\n    for (const notice of changed.outbox.slice(current.outbox.length)) await ports.bus.publish('notices', notice);\n    return putIncident(ports, changed, current.rev);",
      },
    ],
  },
  {
    name: 'change of a closed incident taken back',
    seed: 4,
    changes: [
      {
        file: 'shared/containment/release-hosts.ts',
        find: 'const kept = new Set([...left.values()].flat());',
        plant: 'const kept = new Set([...left.values()].flat().slice(0, 0));',
      },
    ],
  },
  {
    name: 'host deleted while another incident holds it',
    seed: 5110,
    changes: [
      {
        file: 'shared/containment/steps/delete-host.ts',
        find: 'known.flat().filter((id) => id !== context.incident.id)',
        plant: "known.flat().filter((id) => id === '')",
      },
    ],
  },
  {
    name: 'cut not awaited under a higher tier',
    seed: 137,
    changes: [{ file: 'shared/decision/levels.ts', find: ", 'isolate' as const]", plant: ']' }],
  },
  {
    name: 'undo in forward order',
    seed: 400,
    changes: [
      {
        file: 'shared/containment/release.ts',
        find: '...journal.filter(isOfController)].toReversed()',
        plant: '...journal.filter(isOfController)]',
      },
    ],
  },
  {
    name: "stranger's cordon lifted",
    seed: 766,
    changes: [
      {
        file: 'shared/containment/steps/cordon-node.ts',
        find: '...(was.unschedulable || !isCordoned(node) ?',
        plant: '...(!isCordoned(node) ?',
      },
    ],
  },
];
