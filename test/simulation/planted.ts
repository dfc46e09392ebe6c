/** One change of the source that makes a bug of a known kind. The text must be there, so that the list stays true. */
export type Change = { file: string; find: string; plant: string };
/** `seed`: one that finds it. The search begins there, and goes through all seeds where that one no longer does. */
export type PlantedBug = { name: string; seed: number; changes: readonly Change[] };

/** Bugs that the simulation must find: each breaks one promise of the design. */
export const PLANTED: readonly PlantedBug[] = [
  {
    name: 'capture repeated',
    seed: 35,
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
    seed: 73,
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
        find: 'if (leases.some((lease) => lease?.token !== hold.token)) throw',
        plant: 'if (leases.length > 9) throw',
      },
      {
        file: 'shared/containment/guard.ts',
        find: 'lease === undefined || msOf(lease.until) <= latest',
        plant: 'lease !== undefined && msOf(lease.until) < 0 && latest < 0',
      },
      { file: 'shared/containment/image.ts', find: 'resourceVersion: object.metadata.resourceVersion,', plant: '' },
    ],
  },
  {
    name: 'acknowledged before published',
    seed: 116,
    changes: [
      {
        file: 'shared/incidents.ts',
        find: "  if (isWoken) await ports.bus.publish('containment', { incident: doc.id });\n",
        plant:
          "  await markPublished(ports, doc, { notices: nextSeq(doc), goal: goal?.rev ?? doc.published.goal });\n  if (isWoken) ports.bus.publish('containment', { incident: doc.id }).catch(() => undefined);\n",
      },
    ],
  },
  {
    name: 'change repeated after a stranger',
    seed: 51,
    changes: [
      {
        file: 'shared/containment/steps/cordon-node.ts',
        find: 'if (annotationOf(node, MARK) === context.mark)',
        plant: 'if (annotationOf(node, MARK) === context.mark && isCordoned(node))',
      },
    ],
  },
  {
    name: 'resize down',
    seed: 59,
    changes: [
      {
        file: 'shared/containment/steps/restore-group-size.ts',
        find: 'send: (requestId) => context.computeWrite.createInstance({ group: was.group, name: was.name, requestId }),',
        plant:
          'send: (requestId) => context.computeWrite.resizeGroup({ group: was.group, size: was.size, requestId }),',
      },
    ],
  },
  {
    name: 'zombie after release',
    seed: 3,
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
    ],
  },
  {
    name: 'shared host undone by the first',
    seed: 567,
    changes: [
      {
        file: 'shared/containment/release-hosts.ts',
        find: 'if (others.length > 0) {',
        plant: 'if (others.length > 9) {',
      },
    ],
  },
  {
    name: 'repeated resume',
    seed: 12,
    changes: [
      {
        file: 'shared/decision/requests/halt.ts',
        find: 'if (known !== undefined && at <= known.at)',
        plant: "if (known !== undefined && at === '')",
      },
    ],
  },
  {
    name: 'replay under halt',
    seed: 117,
    changes: [
      {
        file: 'shared/containment/guard.ts',
        find: 'if (halt?.halted === true && !exempt) throw',
        plant: 'if (halt?.halted === true && !exempt && began < 0) throw',
      },
    ],
  },
  {
    name: 'budget per step',
    seed: 9,
    changes: [
      {
        file: 'shared/containment/reserve.ts',
        find: 'const spent = known?.spent ?? [];',
        plant: 'const spent: Spent[] = [];',
      },
    ],
  },
  {
    name: 'gate dropped',
    seed: 23,
    changes: [
      {
        file: 'shared/decision/playbooks.ts',
        find: "{ step: 'delete-workload', scope: 'workload', needs: ['snapshots-ready'] }",
        plant: "{ step: 'delete-workload', scope: 'workload' }",
      },
    ],
  },
  {
    name: 'change repeated after a conflict',
    seed: 5,
    changes: [
      {
        file: 'shared/decision/requests/contain.ts',
        find: 'if (before !== null && carriedIn(before, asked.id) !== undefined) return before;',
        plant: "if (before !== null && asked.id === '') return before;",
      },
    ],
  },
  {
    name: 'closed before open',
    seed: 16,
    changes: [
      {
        file: 'functions/detect-cryptomining/handler.ts',
        find: 'if ((await memory.marks.get(markOf(signal))) !== undefined)',
        plant: "if (markOf(signal) === '')",
      },
    ],
  },
  {
    name: 'request carried into the next episode',
    seed: 124,
    changes: [
      {
        file: 'shared/decision/requests/place.ts',
        find: 'if (known !== undefined) return known;',
        plant: '',
      },
    ],
  },
  {
    name: 'approved by the one who asks',
    seed: 58,
    changes: [
      {
        file: 'shared/decision/requests/answer.ts',
        find: 'open.by !== undefined && open.by === asked.operator.email',
        plant: "open.by !== undefined && open.by === ''",
      },
    ],
  },
  {
    name: 'notice marked before it was published',
    seed: 12,
    changes: [
      {
        file: 'shared/incidents.ts',
        find: '  await sendNotices(ports, doc);\n  await markPublished(ports, doc, { notices: nextSeq(doc), goal: doc.published.goal });',
        plant:
          '  await markPublished(ports, doc, { notices: nextSeq(doc), goal: doc.published.goal });\n  await sendNotices(ports, doc);',
      },
    ],
  },
];
