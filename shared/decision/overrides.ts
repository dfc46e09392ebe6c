import type { PlanOptions } from '../model/decision.ts';
import type { Tier } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { type Circumstances, circumstancesOf, meets } from './conditions.ts';
import type { Policy } from './policy.ts';
import type { Override } from './policy-parts.ts';

/** The overrides that hold where the evidence gives `tier`, in the policy's order, and conditions without an answer. */
export const overridesOf = (
  policy: Pick<Policy, 'overrides'>,
  incident: Incident,
  tier: Tier,
): { holding: Override[]; problems: string[] } => {
  const judged = policy.overrides.map((override, n) => {
    const met = meets(override.when, { incident, tier }, override.limit === undefined ? 'some' : 'every');
    return { override, n, met };
  });
  return {
    holding: judged.filter(({ met }) => met.holds).map(({ override }) => override),
    problems: judged.flatMap(({ n, met }) =>
      met.problem === undefined
        ? []
        : [`override ${n + 1} does not apply: its condition cannot be evaluated (${met.problem})`],
    ),
  };
};

const adding = (policy: Pick<Policy, 'options'>, circumstances: Circumstances) =>
  policy.options.filter(({ when }) => meets(when, circumstances, 'some').holds);

/** What the policy itself adds to the playbook of an incident, with its reasons in sentences. */
export const additionsOf = (
  policy: Pick<Policy, 'options' | 'stopFirst' | 'matrix'>,
  incident: Incident,
): { options: PlanOptions; stopFirst: boolean; because: string[] } => {
  if (policy.options.length === 0 && policy.stopFirst.length === 0)
    return { options: {}, stopFirst: false, because: [] };
  const circumstances = circumstancesOf(policy, incident);
  const added = adding(policy, circumstances);
  const stop = policy.stopFirst.find(({ when }) => meets(when, circumstances, 'some').holds);
  return {
    options: Object.fromEntries(added.flatMap(({ add }) => add.map((option) => [option, true]))),
    stopFirst: stop !== undefined,
    because: [
      ...added.map(({ add, because }) => `${add.join(' and ')}: ${because}`),
      ...(stop === undefined ? [] : [`it keeps no evidence: ${stop.because}`]),
    ],
  };
};
