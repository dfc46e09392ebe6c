import type { PlantedBug } from './planted.ts';

/** Bugs in containment that begins again: after a dry run, during a release, under another goal, or for one pod. */
export const PLANTED_AGAIN: readonly PlantedBug[] = [
  {
    name: 'plan of a dry run carried out',
    seed: 1376,
    changes: [
      {
        file: 'shared/containment/carry-out.ts',
        find: 'const isLimited = isCapped || (isTried === true && !dry);',
        plant: 'const isLimited = isCapped || (isTried === true && i.rev < 0);',
      },
    ],
  },
  {
    name: 'grant of a dry run kept when the policy acts',
    seed: 1,
    changes: [
      {
        file: 'shared/decision/goal.ts',
        find: 'const goal = runningOf(policy, before);',
        plant: 'const { goal } = before;',
      },
      {
        file: 'shared/decision/goal.ts',
        find: '  const next: Goal = { ...goal, ...granted };',
        plant:
          "  if (goal.mode === 'dry-run' && mode === 'act' && decision.tier === held) return { ...begun, ...granted };\n  const next: Goal = { ...goal, ...granted };",
      },
      {
        file: 'shared/decision/evidence-ask.ts',
        find: 'const goal = runningOf(policy, incident);',
        plant: 'const { goal } = incident;',
      },
      {
        file: 'shared/decision/judge.ts',
        find: 'goal: runningOf(rules.policy, base) }',
        plant: 'goal: base.goal }',
      },
    ],
  },
  {
    name: 'denial thrown when a step begins again',
    seed: 451,
    changes: [
      {
        file: 'shared/containment/begun-again.ts',
        find: 'if (met === undefined) throw thrown;',
        plant: 'if (met?.refusedFrom !== undefined || met === undefined) throw thrown;',
      },
    ],
  },
  {
    name: 'denial wait counted from before a close',
    seed: 428,
    changes: [
      {
        file: 'shared/containment/close.ts',
        find: 'const notUndoing = ({ undoFrom: _, wakeAt, ...e }: Entry): Entry =>',
        plant: 'const notUndoing = ({ wakeAt, ...e }: Entry): Entry =>',
      },
      {
        file: 'shared/containment/entry-states.ts',
        find: 'refusedFrom === undefined || wakeAt === undefined || now - msOf(wakeAt) > UNTRIED_MS ?',
        plant: 'refusedFrom === undefined ?',
      },
    ],
  },
  {
    name: 'outdated read used for a check',
    seed: 220,
    changes: [
      {
        file: 'shared/containment/guard.ts',
        find: '      if (ports.clock.monotonic() - began > HALT_AGE_MS) continue;\n',
        plant: '',
      },
      {
        file: 'shared/containment/guard.ts',
        find: "'the lease ends before the call could');\n      return;",
        plant:
          "'the lease ends before the call could');\n      if (ports.clock.monotonic() - began <= HALT_AGE_MS) return;",
      },
    ],
  },
  {
    name: 'one pod named, all pods deleted',
    seed: 37,
    changes: [
      {
        file: 'shared/decision/requests/meant.ts',
        find: 'only === undefined || !ONE_BY_ONE',
        plant: 'only === undefined || only.length > 0 || !ONE_BY_ONE',
      },
    ],
  },
];
