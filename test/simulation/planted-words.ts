import type { PlantedBug } from './planted.ts';

/** Bugs in requests, asks and publishing around the run. Each breaks one promise of the design. */
export const PLANTED_IN_WORDS: readonly PlantedBug[] = [
  {
    name: 'acknowledged before published',
    seed: 52,
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
    name: 'repeated resume',
    seed: 90,
    changes: [
      {
        file: 'shared/decision/requests/halt.ts',
        find: 'if (known !== undefined && (at <= known.at || at < (known.againAt ?? known.at)))',
        plant: "if (known !== undefined && at === '')",
      },
    ],
  },
  {
    name: 'change repeated after a conflict',
    seed: 37,
    changes: [
      {
        file: 'shared/decision/requests/contain.ts',
        find: 'if (isDone(base)) return base;',
        plant: 'if (isOver(base)) return base;',
      },
    ],
  },
  {
    name: 'closed before open',
    seed: 17,
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
    seed: 781,
    changes: [
      {
        file: 'shared/decision/requests/place.ts',
        find: 'if (known !== undefined) return known;',
        plant: '',
      },
    ],
  },
  {
    name: 'approved by the operator who asked',
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
    seed: 61,
    changes: [
      {
        file: 'shared/incidents.ts',
        find: '  await sendNotices(ports, doc);\n  await markPublished(ports, doc, { notices: nextSeq(doc), goal: doc.published.goal });',
        plant:
          '  await markPublished(ports, doc, { notices: nextSeq(doc), goal: doc.published.goal });\n  await sendNotices(ports, doc);',
      },
    ],
  },
  {
    name: 'grant extended to a pod that joined later',
    seed: 1387,
    changes: [
      {
        file: 'shared/decision/grant.ts',
        find: 'if (goal.covers === undefined && !isOnlyReplayed(subject)) return { tier, granted: true };',
        plant: 'if (goal.rev > 0) return { tier, granted: true };',
      },
    ],
  },
];
