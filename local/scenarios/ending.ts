import { keyOf } from '../../shared/model/entry.ts';
import type { Tier } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';

/** How a story must end: the tier that runs by itself, and the one that is asked for beyond it. */
export type Ending = { verdict: 'act' | 'ask'; tier: Tier; asked?: Tier };

/** What of an ending is missing from an incident, a sentence each. */
export const endingMissing = ({ decision, goal, run }: Incident, ending: Ending): string[] => {
  const found = decision === null ? 'none' : `${decision.verdict}: ${decision.tier}`;
  const asked = decision?.asked?.tier;
  return [
    ...(decision?.verdict === ending.verdict && decision.tier === ending.tier
      ? []
      : [`expected the decision ${ending.verdict}: ${ending.tier}, found ${found}`]),
    ...(asked === ending.asked
      ? []
      : [`expected ${ending.asked ?? 'nothing'} to be asked for, found ${asked ?? 'nothing'}`]),
    ...(goal === null || goal.rev === run.rev ? [] : ['the run has not finished']),
  ];
};

/** The steps that were planned and not done, each with its state and why; a plan without a hitch has none. */
export const stepsMissing = ({ plan, journal }: Incident): string[] => {
  const begun = new Set(journal.map(keyOf));
  return [
    ...(plan.length + journal.length === 0 ? ['nothing was planned'] : []),
    ...plan.flatMap((item) => (begun.has(keyOf(item)) ? [] : [`${item.step} of ${item.subject} has not begun`])),
    ...journal.flatMap(({ step, subject, state, because }) =>
      state === 'applied' || state === 'skipped'
        ? []
        : [`${step} of ${subject} is not done, but ${state}${because === undefined ? '' : `: ${because}`}`],
    ),
  ];
};
