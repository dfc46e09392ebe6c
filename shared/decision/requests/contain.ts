import { tierOf } from '../../model/decision.ts';
import type { Tier } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import { msOf, timeOf } from '../../model/time.ts';
import { targetText } from '../../views/target.ts';
import { labelKeysOf } from '../conditions.ts';
import { isOver, isPast, joins, openIncident, openingAfter } from '../correlate.ts';
import { passedBy, previousOf, ranOut } from '../episode.ts';
import { coversOf } from '../grant.ts';
import { holdSubjects } from '../hold.ts';
import { leftOut, withSubjects } from '../merge.ts';
import { needsAnother } from '../operators.ts';
import { type Resolved, resolve } from '../resolve.ts';
import { writeIncident } from '../write-incident.ts';
import { begunBy, brings, mixedUp, runningOf } from './begun.ts';
import { type Carried, carryInto } from './carry-into.ts';
import { idleOptions, idleTier, lackOf, leftIdle, told, unawaited } from './contain-text.ts';
import { contradictionIn } from './contradiction.ts';
import { grantedOf, type Wish } from './granted-of.ts';
import { placeRequest } from './place.ts';
import {
  type Asked,
  accept,
  carriedIn,
  haltOf,
  type Judged,
  nowOf,
  type OperatePorts,
  type Outcome,
  optionsOf,
  refuse,
  unprovenFor,
  withRequest,
} from './request.ts';
import { askAnother, setGoal } from './set-goal.ts';

/**
 * UIDs of the subjects that a request names one by one. undefined if it names a workload: that means all subjects of
 * the incident, since a pod that was taken out of the workload is not found through it.
 */
const onlyOf = ({ request: { target } }: Asked, { subjects }: Resolved): string[] | undefined =>
  (target?.pod ?? target?.node ?? target?.instance) === undefined ? undefined : subjects.map(({ uid }) => uid);

const wishOf = (ports: OperatePorts, { request }: Asked, tier: Tier, only?: readonly string[]): Wish => ({
  tier,
  only,
  by: request.requestedBy,
  because: `requested by ${request.requestedBy}: ${request.reason}`,
  at: nowOf(ports),
  stopFirst: request.stopFirst,
  options: optionsOf(request),
});

const mixed = (ports: OperatePorts, asked: Asked, tier: Tier, before: Incident | null, incident: Incident) => {
  // Grants are per subject, so nothing gets mixed. A goal of the policy is for all subjects of the incident.
  if (before === null || coversOf(before) !== undefined || !brings(before, incident)) return undefined;
  const running = runningOf(ports.policy, before);
  const goes = tierOf(running);
  const waits = goes !== undefined && needsAnother(ports.policy, goes);
  const named = targetText(asked.request.target ?? incident.target);
  return mixedUp(running, { id: incident.id, asked: tier, named, waits });
};

/**
 * The incident with the request carried in: as a goal, or as an ask if the policy wants another operator's approval; or
 * why it is refused. The proof that it needs depends on the tier that it leads to, not on the tier that it names.
 */
const granted = (
  ports: OperatePorts,
  asked: Asked,
  tier: Tier,
  before: Incident | null,
  incident: Incident,
  only?: readonly string[],
): Carried => {
  // An earlier delivery may have chosen the episode, and the next one may have been opened since.
  const because = ranOut(incident) ?? mixed(ports, asked, tier, before, incident);
  if (because !== undefined) return { refused: because };
  const wish = wishOf(ports, asked, tier, only);
  const next = setGoal(ports, before, incident, wish);
  const grant = grantedOf(ports, before, incident, wish);
  const idle = [...idleTier(incident, wish, grant.begun), ...idleOptions(grant, wish)];
  const outcome = [told(grant, tier), ...idle].join('; ');
  const begun = begunBy(before, next, grant.begun);
  const unproven = unprovenFor(ports, asked, begun ?? grant.begun);
  // If nothing more would be done, no proof is needed; but without one the goal stays in the name of whoever set it.
  if (begun === undefined) return { next: unproven === undefined ? next : incident, outcome };
  if (unproven !== undefined)
    return { refused: begun === tier ? unproven : `${tier} is limited to ${begun} here: ${unproven}` };
  const { email } = asked.operator;
  if (email === undefined || !needsAnother(ports.policy, begun)) return { next, outcome };
  const asking = askAnother(ports, before, incident, { ...wish, by: email });
  const plan = asking.decision?.asked?.plan ?? '';
  return {
    next: asking,
    outcome: [`${begun} waits for another operator's approval of plan ${plan}`, ...idle].join('; '),
  };
};

/** The incident, `base`, with the subjects of a request and what is asked for them; or why the request is refused. */
const joinedBy = (
  ports: OperatePorts,
  asked: Asked,
  tier: Tier,
  resolved: Resolved,
  before: Incident | null,
  base: Incident,
): Carried => {
  const held = withSubjects(base, resolved.subjects, ports.clock.now());
  const left = leftOut(held, resolved.subjects);
  if (resolved.subjects.every(({ uid }) => held.subjects.every((s) => s.uid !== uid)))
    return { refused: left.join('; ') };
  const begun = granted(ports, asked, tier, before, held, onlyOf(asked, resolved));
  if ('refused' in begun) return begun;
  return { ...begun, outcome: [begun.outcome, ...left, ...unawaited(held, resolved.subjects)].join('; ') };
};

const open = async (ports: OperatePorts, asked: Asked, tier: Tier, resolved: Resolved): Promise<Outcome> => {
  const now = ports.clock.now();
  const at = timeOf(now);
  const episode = await placeRequest(ports.stores, asked.id, resolved.key, (newest) => joins(newest, at), now);
  const { incidents } = ports.stores;
  const [known, former] = await Promise.all([incidents.get(episode.id), previousOf(ports.stores, episode)]);
  const openedAfter = (previous: Incident | undefined) =>
    openingAfter(previous, episode, resolved.target, at, ports.policy.minutes);
  let opening = openedAfter(former);
  const grantedIn = (before: Incident | null): Carried =>
    joinedBy(ports, asked, tier, resolved, before, before ?? openIncident(opening, now));
  const isDone = (one: Incident): boolean => isOver(one) || carriedIn(one, asked.id) !== undefined;
  // Judged before anything is recorded elsewhere: a refused request ends no episode, and holds no subjects.
  if (known === undefined || !isDone(known)) {
    const looked = grantedIn(known ?? null);
    if ('refused' in looked) return refuse(looked.refused, known?.id);
  }
  if (known === undefined) {
    const previous = await passedBy(ports, former, episode, at);
    if (previous !== undefined && !isPast(previous))
      return refuse(`something was begun in incident ${previous.id} at the same time: send it again`, previous.id);
    opening = openedAfter(previous);
  }
  await holdSubjects(ports.stores, episode.id, [...opening.subjects, ...resolved.subjects], known?.subjects ?? []);
  let answer = refuse(`${episode.id} was ended by another request at the same time: send it again`, episode.id);
  const change = (before: Incident | null): Incident => {
    const base = before ?? openIncident(opening, now);
    if (isDone(base)) return base;
    const begun = grantedIn(before);
    if ('refused' in begun) {
      answer = refuse(begun.refused, episode.id);
      return base;
    }
    return withRequest(begun.next, asked.id, [begun.outcome, ...resolved.notes].join('; '));
  };
  const incident = await writeIncident(ports, episode.id, change, known);
  const outcome = carriedIn(incident, asked.id);
  return outcome === undefined ? answer : accept(outcome, incident.id);
};

const raise = (ports: OperatePorts, asked: Asked, tier: Tier, id: string): Promise<Outcome> =>
  carryInto(ports, asked, id, (current) => {
    if (isOver(current) || current.subjects.length === 0) {
      const why = isOver(current) ? `is ${current.goal?.tier}` : 'holds no subject to act on';
      return { refused: `incident ${id} ${why}: name the pod, workload or node as "target" instead` };
    }
    const begun = granted(ports, asked, tier, current, current);
    return 'refused' in begun ? begun : { ...begun, outcome: [begun.outcome, ...leftIdle(current)].join('; ') };
  });

/**
 * `contain`: asks for a tier on a target, or on all that an incident holds. The request is its own approval, within
 * protection, dry run and halt. A name means the object that bore it when the request was made.
 */
export const contain: Judged = async (ports, asked) => {
  const { tier, target, incident } = asked.request;
  if (tier === undefined) return refuse('field "tier": it is missing; say how far to go, such as "isolate"');
  if (target !== undefined && incident !== undefined)
    return refuse('fields "target" and "incident": both are given; name one of them');
  const unproven = unprovenFor(ports, asked, tier);
  if (unproven !== undefined) return refuse(unproven, incident);
  const halted = await haltOf(ports);
  if (halted !== undefined) return refuse(halted);
  if (incident !== undefined) return raise(ports, asked, tier, incident);
  if (target === undefined)
    return refuse(
      'field "target" or "incident": neither is given; name a pod, workload or node, or the id of an incident',
    );
  const lack = lackOf(target);
  if (lack !== undefined) return refuse(lack);
  const event = timeOf(Math.min(msOf(asked.at), ports.clock.now()));
  const resolved = await resolve(ports, target, event, { labelKeys: labelKeysOf(ports.policy), attribute: false });
  if ('refused' in resolved) return refuse(`field "target": ${resolved.refused}`);
  if (resolved.subjects.length === 0)
    return refuse(
      `field "target": ${resolved.notes.join('; ')}; name an object that exists now, and add its uid to be exact`,
    );
  const contradiction = contradictionIn(target, resolved);
  return contradiction === undefined ? open(ports, asked, tier, resolved) : refuse(contradiction);
};
