import type { Ask } from '../../model/decision.ts';
import type { Answer, Incident } from '../../model/incident.ts';
import { addedText } from '../../views/ask-text.ts';
import { heldOn } from '../../views/held-text.ts';
import { momentText } from '../../views/time.ts';
import { isOver } from '../correlate.ts';
import { planHashOf } from '../decide-tier.ts';
import { ranOut } from '../episode.ts';
import { needsAnother } from '../operators.ts';
import { OPTIONAL_STEPS } from '../policy-parts.ts';
import { withReplacedNoted } from '../replaced.ts';
import { withAnswer, withAskEnded } from './ask-ended.ts';
import { begunBy } from './begun.ts';
import { type Carried, carryInto } from './carry-into.ts';
import { idleOptions } from './contain-text.ts';
import { grantedOf } from './granted-of.ts';
import {
  type Asked,
  haltOf,
  type Judged,
  nowOf,
  type OperatePorts,
  type Outcome,
  optionsOf,
  refuse,
  unprovenFor,
} from './request.ts';
import { setGoal } from './set-goal.ts';

type Asking = { tier: Answer['tier']; plan: string; asked: Ask };

/** What an incident asks for, with the hash of what would be done if it were approved now; or why an answer misses it. */
const askedFor = (incident: Incident, { request, seenAt }: Asked): Asking | string => {
  const { id, goal, decision } = incident;
  if (isOver(incident)) return `incident ${id} is ${goal?.tier}: it no longer asks for anything`;
  const asked = decision?.asked;
  if (asked === undefined) return `incident ${id} asks for nothing now: the ask lapsed, or was answered`;
  const { tier, until } = asked;
  // By our own clock: the sender could claim that the request was made before the ask lapsed.
  if (until <= seenAt) return `the ask of incident ${id} lapsed at ${momentText(until)}: send contain to do it anyway`;
  if (request.tier !== undefined && request.tier !== tier)
    return `field "tier": incident ${id} asks for ${tier}, not for ${request.tier}; correct it, or leave it out`;
  const plan = planHashOf(tier, incident, asked);
  return request.plan === plan
    ? { tier, plan, asked }
    : `field "plan": the ask of incident ${id} has changed since; review it and answer plan ${plan}`;
};

type Change = (incident: Incident, asking: Asking) => Carried;

/** Why an operator may not approve an ask: no proof of identity, or it is the one who wants it. undefined: they may. */
const approvalRefusal =
  (ports: OperatePorts, asked: Asked) =>
  ({ tier, asked: open }: Asking): string | undefined =>
    unprovenFor(ports, asked, tier) ??
    (open.by !== undefined && open.by === asked.operator.email
      ? `${open.by} requested ${tier}: another operator must approve it`
      : undefined);

const answered = async (
  ports: OperatePorts,
  asked: Asked,
  change: Change,
  mayAnswer: (asking: Asking) => string | undefined = () => undefined,
): Promise<Outcome> => {
  const { incident: id, plan, action } = asked.request;
  if (id === undefined) return refuse('field "incident": it is missing; name the incident with the ask');
  if (plan === undefined)
    return refuse(`field "plan": it is missing; ${action} answers one plan; the notice shows it`, id);
  return carryInto(ports, asked, id, (current) => {
    // A rejection begins nothing, so it is accepted in any episode.
    const past = action === 'approve' ? ranOut(current) : undefined;
    if (past !== undefined) return { refused: past };
    const open = askedFor(current, asked);
    if (typeof open === 'string') return { refused: open };
    const refused = mayAnswer(open);
    return refused === undefined ? change(withReplacedNoted(current, nowOf(ports)), open) : { refused };
  });
};

/** Whether an answer adds an option that the ask does not have. */
const addsTo = (open: Ask, { stopFirst, options }: Pick<Ask, 'stopFirst' | 'options'>): boolean =>
  (stopFirst === true && open.stopFirst !== true) ||
  OPTIONAL_STEPS.some((one) => options?.[one] === true && open.options?.[one] !== true);

/** The sentence about an addition of the ask that an approval denies; undefined if there is none. */
const deniedIn = ({ request }: Asked, { stopFirst, options }: Ask): string | undefined => {
  const added = { ...options, stopFirst };
  const denied = ([...OPTIONAL_STEPS.filter((one) => one !== 'freeze'), 'stopFirst'] as const).find(
    (one) => request[one] === false && added[one] === true,
  );
  return denied === undefined
    ? undefined
    : `field "${denied}": the plan has it, and an approval takes nothing away; leave it out, or reject the plan and send contain`;
};

/** `approve`: accepts exactly the plan that is asked for. It becomes the goal, within protection, dry run and halt. */
export const approve: Judged = async (ports, asked) => {
  const halted = await haltOf(ports);
  if (halted !== undefined) return refuse(halted, asked.request.incident);
  const { requestedBy: by, reason, stopFirst } = asked.request;
  const approved: Change = (current, { tier, plan, asked: open }) => {
    const denied = deniedIn(asked, open);
    if (denied !== undefined) return { refused: denied };
    const at = nowOf(ports);
    const lifts = open.lifts === true ? { lifts: true as const } : {};
    const answer = withAnswer(current, { plan, tier, outcome: 'approved', by, at, ...lifts });
    const closed = open.lifts === true ? { ...answer, lifted: { by, at } } : answer;
    const own = optionsOf(asked.request);
    const options = { ...open.options, ...own };
    const added = addedText({ ...open, options, stopFirst: stopFirst ?? open.stopFirst });
    const because = `${tier}${added} approved by ${by}: ${reason}`;
    // An operator's ask is for more than the running goal, even if its approval also lifts the budget of that goal.
    const liftsOnly = open.lifts === true && open.by === undefined && tier === current.goal?.tier;
    const wish = {
      tier,
      by,
      because,
      at,
      stopFirst: stopFirst ?? open.stopFirst,
      options,
      liftsOnly,
      only: open.only,
      approves: true,
    };
    const granted = grantedOf(ports, current, closed, wish);
    const idle = idleOptions(granted, { options: own, stopFirst });
    const outcome = [`approved: ${granted.begun} starts${added}`, ...granted.notes, ...idle].join('; ');
    const next = setGoal(ports, current, closed, wish);
    const begun = begunBy(current, next, granted.begun) ?? granted.begun;
    // An addition applies to the whole goal, which may have a higher tier than the ask.
    const shared = [tier, begun].find((one) => needsAnother(ports.policy, one));
    if (shared !== undefined && addsTo(open, { stopFirst, options: own }))
      return {
        refused: `${shared} needs two operators, so it can only be approved as requested: leave out the additions, or send contain with them`,
      };
    const unproven = unprovenFor(ports, asked, begun);
    return unproven === undefined ? { next, outcome } : { refused: `${tier} is limited to ${begun} here: ${unproven}` };
  };
  return answered(ports, asked, approved, approvalRefusal(ports, asked));
};

/** `reject`: rejects exactly the plan that is asked for. What runs goes on; the same plan is not asked for again. */
export const reject: Judged = (ports, asked) => {
  const { requestedBy: by, reason } = asked.request;
  return answered(ports, asked, (current, { tier, asked: open }) => {
    const now = ports.clock.now();
    const because = `${tier}${addedText(open)} rejected by ${by}: ${reason}`;
    const next = withAskEnded(
      ports,
      current,
      open,
      { outcome: 'rejected', by, because, title: because, lines: [] },
      now,
    );
    const on = heldOn(next, now);
    return {
      next,
      outcome: [
        `rejected: ${tier}${open.lifts === true ? ' beyond the budget' : ''} is not done`,
        'steps that already run continue',
        ...(on === undefined ? [] : [`${on.text}: ${on.command}`]),
      ].join('; '),
    };
  });
};
