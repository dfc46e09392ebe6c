import type { Subject } from '../model/subject.ts';

/** Subjects of an incident at most. */
const MOST = 60;
/**
 * Characters that subjects, plan and journal take at most. Together with the findings and their summary (128 KiB) and
 * the notices (64 KiB) they fit into the 512 KiB of a document.
 */
const ROOM = 300 * 1024;
/** Characters of a step's item in the plan and entry in the journal, apart from the name of its subject. */
const STEP = 560;
/** How often the plan and the journal name the subject of a step. */
const NAMED = 3;
/** Steps of the tiers that rise the highest, for each subject, and for each node that a subject is or is on. */
const STEPS = { pod: 4, node: 1, workload: 3 };
const STEPS_ON_NODE = 10;

const stepsOn = (steps: number, name: string): number => steps * (STEP + NAMED * name.length);

/** The name of a subject's node. A pod that has none yet gets one. */
const nodeOf = (one: Subject): string | undefined =>
  one.kind === 'workload' ? undefined : (one.host?.node ?? one.uid);

const nameOf = (one: Subject): string =>
  one.kind === 'workload'
    ? `${one.owner.kind} ${one.namespace}/${one.owner.name}`
    : one.kind === 'pod'
      ? `${one.namespace}/${one.name}`
      : one.host.node;

/** Characters that these subjects take in the document of their incident once all steps are done. */
const sizeOf = (subjects: readonly Subject[]): number => {
  const nodes = new Set(subjects.flatMap((one) => nodeOf(one) ?? []));
  const own = subjects.map((one) => JSON.stringify(one).length + stepsOn(STEPS[one.kind], nameOf(one)));
  return [...own, ...[...nodes].map((node) => stepsOn(STEPS_ON_NODE, node))].reduce((sum, size) => sum + size, 0);
};

/**
 * Whether an incident that holds these subjects can take in one more. A document that is too large could no longer be
 * written: neither would its steps go on, nor could they be undone.
 */
export const hasRoom = (held: readonly Subject[], one: Subject): boolean =>
  held.length < MOST && (held.length === 0 || sizeOf([...held, one]) <= ROOM);
