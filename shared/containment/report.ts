import { isContainment, standing, stateOf } from '../decision/state.ts';
import type { Goal } from '../model/decision.ts';
import type { Entry } from '../model/entry.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { Notice } from '../model/notice.ts';
import { alike, stepsText } from '../views/alike.ts';
import { reportLine } from '../views/command-line.ts';
import { MARKS } from '../views/marks.ts';
import { staysValidOf } from '../views/stays-valid.ts';

/** What is said of entries that are alike. */
const line = (entries: readonly Entry[]): string[] => {
  const [e] = entries;
  return e === undefined ? [] : [`${stepsText(entries)} ${endOf(e)}`];
};

const endOf = (e: Entry): string =>
  `${e.subject}: ${MARKS[e.state][1]}${e.proof === null ? '' : `, ${e.proof}`}${e.because === undefined ? '' : ` (${e.because})`}`;

/** Whether a person should look at an entry. Such entries come first, because people read the first of many lines. */
const needsLook = (e: Entry): boolean =>
  e.state === 'failed' ||
  e.state === 'refused' ||
  e.state === 'held' ||
  e.state === 'not-undoable' ||
  (e.state === 'applied' && e.proof !== 'proven');

/** Where the commands are that do by hand what a step could not do, if one failed; contain does not try it again. */
const byHand = (incident: Incident): string[] =>
  incident.journal.some((e) => e.state === 'failed')
    ? [`The commands to do by hand what failed: ${reportLine(incident)}`]
    : [];

/** Where the commands are that take back by hand what a close leaves in force. */
const leftLines = (incident: Incident): string[] =>
  standing(incident).length === 0
    ? []
    : [`The commands to take back by hand what stays in force: ${reportLine(incident)}`];

const stepLines = (incident: Incident): string[] => {
  const { journal } = incident;
  const calm = journal.filter((e) => !needsLook(e));
  return [...alike(journal.filter(needsLook)).flatMap(line), ...byHand(incident), ...calm.flatMap((e) => line([e]))];
};

/** What holds the run back, unless a step that is held says the same. */
const heldLines = ({ held, journal }: Incident): string[] =>
  held === undefined || journal.some((e) => e.state === 'held' && e.because === held.because) ? [] : [held.because];

/** The step that each tier exists for. */
const OWN_STEPS: Readonly<Partial<Record<Goal['tier'], StepId>>> = {
  snapshot: 'start-snapshots',
  quarantine: 'quarantine-pod',
  isolate: 'deny-node-network',
  redeploy: 'delete-pod',
  'delete-workload': 'delete-workload',
  'delete-host': 'delete-host',
};
const isOwnStep = ({ step }: Entry, tier: Goal['tier']): boolean => OWN_STEPS[tier] === step;

/** Lines on the rights that outlive the containment, for people to revoke. */
const validLines = (incident: Incident): string[] => {
  const valid = staysValidOf(incident);
  return valid.length === 0
    ? []
    : [
        'what stays valid, and the command that ends it:',
        ...valid.flatMap(({ ends, command }) => [`to end ${ends}:`, `$ ${command}`]),
      ];
};

const isMissed = ({ state }: Entry): boolean => state === 'refused' || state === 'failed';

/** How far a tier was carried out: the kind of the notice, and its title. */
const outcomeOf = (incident: Incident, goal: Goal, tier: Goal['tier']): Pick<Notice, 'kind' | 'title'> => {
  const { journal } = incident;
  const count = (is: (e: Entry) => boolean): number => journal.filter(is).length;
  const failed = count((e) => e.state === 'failed' && isContainment(e));
  if (failed > 0) return { kind: 'failed', title: `${tier}: ${failed} of ${journal.length} steps failed` };
  const held = count((e) => e.state === 'held' && e.rev === goal.rev);
  if (held > 0) return { kind: 'held', title: `${tier}: ${held} of ${journal.length} steps wait for a person` };
  // If a tier's own step was refused or failed, the tier was not carried out, whatever else was done.
  const missed = journal.find((e) => isOwnStep(e, tier) && isMissed(e));
  if (missed !== undefined)
    return { kind: 'failed', title: `${tier} was not carried out: ${missed.step} ${missed.state}` };
  if (journal.every((e) => e.state === 'skipped' && e.proof !== 'proven'))
    return { kind: 'info', title: `${tier}: there was nothing to change` };
  if (goal.mode === 'dry-run' || journal.every((e) => e.state === 'dry-run'))
    return { kind: 'info', title: `${tier}: dry run, nothing was changed` };
  const unproven = count((e) => e.state === 'applied' && e.proof !== 'proven');
  const refused = count(isMissed);
  const proof = [
    unproven === 0 ? 'every change proven' : `${unproven} not proven`,
    ...(refused === 0 ? [] : [`${refused} of ${journal.length} steps refused or failed`]),
  ].join(', ');
  const kind = stateOf(incident) === 'contained' ? 'contained' : 'info';
  return { kind, title: `${tier} carried out, ${proof}` };
};

/**
 * The notice for people when a goal has been carried out: the headline, what held it back, and one line for each step.
 * `tier`: the tier that was carried out, where the policy in force allows no more.
 */
export const reportOf = (
  incident: Incident,
  goal: Goal,
  notes: readonly string[],
  tier: Goal['tier'] = goal.tier,
): Pick<Notice, 'kind' | 'title' | 'lines'> => {
  const lines = [...notes, ...stepLines(incident), ...(goal.tier === 'released' ? [] : validLines(incident))];
  if (goal.tier === 'released')
    return { kind: 'released', title: 'Released: every change that can be undone is undone', lines };
  if (goal.tier === 'closed')
    return {
      kind: 'closed',
      title: 'Closed: changes in force stay in force',
      lines: [...leftLines(incident), ...lines],
    };
  const { kind, title } = outcomeOf(incident, goal, tier);
  const less = tier === goal.tier ? '' : `; the policy does not allow ${goal.tier}`;
  return { kind, title: `${title}${less}`, lines: [...(kind === 'held' ? heldLines(incident) : []), ...lines] };
};
