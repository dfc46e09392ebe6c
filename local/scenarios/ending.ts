import { keyOf } from '../../shared/model/entry.ts';
import type { Tier } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';

/** How a story must end: the tier that runs without asking, and the tier asked for beyond it. */
type Ending = { verdict: 'act' | 'ask'; tier: Tier; asked?: Tier };

/** What an incident lacks for this ending, one sentence each. */
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

/** The planned steps that are not done, one sentence each with state and reason; empty if everything went smoothly. */
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
