import type { PlantedBug } from './planted.ts';

/** Bugs in the run of contain. Each breaks one promise of the design. */
export const PLANTED_IN_THE_RUN: readonly PlantedBug[] = [
  {
    name: 'capture repeated',
    seed: 24,
    changes: [
      {
        file: 'shared/containment/work.ts',
        find: 'const isUncaptured = (entry: Entry | undefined): boolean => entry?.before === undefined;',
        plant: 'const isUncaptured = (_: Entry | undefined): boolean => true;',
      },
    ],
  },
  {
    name: 'lease ignored',
    seed: 60,
    changes: [
      {
        file: 'shared/containment/ledger.ts',
        find: 'lease !== undefined && lease.token !== token && msOf(lease.until) > nowMs',
        plant: 'false && nowMs > 0 && token === lease?.token',
      },
      {
        file: 'shared/containment/ledger.ts',
        find: 'if (current.lease?.token !== token) throw',
        plant: 'if (current.id === token) throw',
      },
      {
        file: 'shared/containment/guard.ts',
        find: 'leases.some((lease) => lease?.token !== hold.token)',
        plant: 'leases.length > 9',
      },
      {
        file: 'shared/containment/guard.ts',
        find: 'until === undefined || msOf(until) <= ports.clock.now() + CALL_MS',
        plant: 'until !== undefined && msOf(until) < CALL_MS',
      },
      {
        file: 'shared/containment/image.ts',
        find: '(insists ? { uid } : { uid, resourceVersion })',
        plant: "(insists || resourceVersion !== '' ? { uid } : { uid, resourceVersion })",
      },
    ],
  },
  {
    name: 'change repeated after a stranger',
    seed: 85,
    changes: [
      {
        file: 'shared/containment/steps/cordon-node.ts',
        find: '(isCordoned(node) || context.entry.anew !== true)',
        plant: 'isCordoned(node)',
      },
    ],
  },
  {
    name: 'resize down',
    seed: 1,
    changes: [
      {
        file: 'shared/containment/steps/restore-group-size.ts',
        find: 'send: (requestId) => context.computeWrite.createInstance({ group: was.group, name: was.name, requestId }),',
        plant:
          'send: (requestId) => context.computeWrite.resizeGroup({ group: was.group, size: was.size - 1, requestId }),',
      },
    ],
  },
  {
    name: 'zombie after release',
    seed: 168,
    changes: [
      {
        file: 'shared/containment/guard.ts',
        find: 'if (goal?.rev !== hold.goalRev) throw',
        plant: 'if (goal === undefined || goal === null) throw',
      },
      {
        file: 'shared/containment/ledger.ts',
        find: 'current.goal?.rev === rev ? unleased',
        plant: 'current.goal !== null ? unleased',
      },
      {
        file: 'shared/containment/guard.ts',
        find: 'hold.allows?.(incident) === false',
        plant: 'hold.allows === undefined && incident.rev < 0',
      },
    ],
  },
  {
    name: 'shared host undone by the first release',
    seed: 59,
    changes: [
      {
        file: 'shared/containment/let-go.ts',
        find: 'others.some((holder) => !left.has(holder))',
        plant: 'others.length > 9',
      },
    ],
  },
  {
    name: 'replay under halt',
    seed: 56,
    changes: [
      {
        file: 'shared/containment/guard.ts',
        find: 'stopUnderHalt(halt, goal);',
        plant: 'if (began < 0) stopUnderHalt(halt, goal);',
      },
    ],
  },
  {
    name: 'budget per step',
    seed: 14,
    changes: [
      {
        file: 'shared/containment/reserve.ts',
        find: 'countingAt(ports.budgets, known?.spent ?? [], now)',
        plant: 'countingAt(ports.budgets, [], now)',
      },
    ],
  },
  {
    name: 'gate dropped',
    seed: 4,
    changes: [
      {
        file: 'shared/decision/playbooks.ts',
        find: "{ step: 'delete-workload', scope: 'workload', needs: ['snapshots-ready'] }",
        plant: "{ step: 'delete-workload', scope: 'workload' }",
      },
    ],
  },
  {
    name: 'policy read once',
    seed: 33,
    changes: [
      {
        file: 'shared/containment/carry-out.ts',
        find: 'planOf(i, capped, goal, situation, beside.tier, isLimited)',
        plant: 'planOf(i, capped, goal, situation, beside.tier)',
      },
      {
        file: 'shared/containment/guard.ts',
        find: 'hold.allows?.(incident) === false',
        plant: 'hold.allows === undefined && incident.rev < 0',
      },
    ],
  },
];
