import { z } from 'zod';
import { decision, goal } from './decision.ts';
import { entry, planItem } from './entry.ts';
import { finding } from './finding.ts';
import { FAMILIES, SEVERITIES, TIERS } from './ids.ts';
import { INCIDENT_STATES, notice } from './notice.ts';
import { subject } from './subject.ts';
import { target } from './target.ts';
import { time } from './time.ts';

/** A lease on a document: who works on it, under which token, until when. Saves work; compare-and-set gives safety. */
export const lease = z.object({ owner: z.string(), token: z.string(), until: time });
export type Lease = z.infer<typeof lease>;

/** The best finding of one rule at one severity. Only maxima are kept, so merging a finding twice changes nothing. */
export const maximum = z.object({
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  confidence: z.number(),
  family: z.enum(FAMILIES),
  conclusive: z.boolean(),
  finding: z.string(),
  /** The finding came from a replayed dead letter: it can lead to an ask, but nothing runs by itself because of it. */
  replayed: z.literal(true).optional(),
});
export type Maximum = z.infer<typeof maximum>;

export const summary = z.object({
  count: z.number().int().nonnegative(),
  maxima: z.array(maximum),
  firstAt: time.optional(),
  lastAt: time.optional(),
  principals: z.array(z.string()),
});
export type Summary = z.infer<typeof summary>;

/** The outcome of an ask; `plan` is the hash of the plan that was asked for. */
export const answer = z.object({
  plan: z.string(),
  tier: z.enum(TIERS),
  outcome: z.enum(['approved', 'rejected', 'lapsed']),
  by: z.string(),
  at: time,
  /** The ask was also about lifting the budgets. */
  lifts: z.literal(true).optional(),
});
export type Answer = z.infer<typeof answer>;

/** Every stored document carries the version of its shape, a revision that rises with every put, and its writer. */
export const stamp = { v: z.literal(1), rev: z.number().int().nonnegative(), writer: z.string() };

/**
 * What is known of one target: summary, decision, goal, plan, journal. decide and operate own target, subjects,
 * severity, confidence, findings, summary, decision and goal; contain owns lease, plan, journal, held and run;
 * all of them append to the outbox, whose oldest published notices make room; state and dueAt are computed at every
 * put.
 */
export const incident = z.looseObject({
  ...stamp,
  id: z.string(),
  key: z.string(),
  episode: z.number().int().positive(),
  state: z.enum(INCIDENT_STATES),
  target,
  subjects: z.array(subject),
  severity: z.enum(SEVERITIES).nullable(),
  confidence: z.number().nullable(),
  findings: z.array(finding),
  summary,
  decision: decision.nullable(),
  goal: goal.nullable(),
  plan: z.array(planItem),
  journal: z.array(entry),
  /**
   * `rev`: of the goal that has been reached. `walked`: of a goal whose open entries only wait for their `wakeAt`.
   * `tried`: the plan is that of a dry run that has not been walked to its end.
   */
  run: z.object({
    rev: z.number().int().nonnegative(),
    walked: z.number().int().nonnegative().optional(),
    tried: z.literal(true).optional(),
  }),
  /** Event times. By default `until` is 30 minutes after the last finding, `closesAt` 24 hours after the first. */
  window: z.object({ from: time, until: time, closesAt: time }),
  openedAt: time,
  /** Set if the previous episode was released: until then findings lead to an ask at most. */
  cooldownUntil: time.optional(),
  /** Set when a workload was named: pods that it creates until then join as subjects. */
  podsUntil: time.optional(),
  /** Set when a pod without a node joined: the node that it gets until then is contained too. */
  nodesUntil: time.optional(),
  /** The previous episode, which was closed. Removed once contain has taken over the changes that it left in force. */
  takesOver: z.string().optional(),
  /** The next episode, once that is opened: from then on nothing is begun here. */
  followedBy: z.string().optional(),
  /** Outcomes of earlier asks, newest last, so that a rejected plan is not asked for again. */
  answered: z.array(answer).optional(),
  /** Requests carried into this document, with their answers, newest last, so that none is carried in twice. */
  requests: z.array(z.object({ id: z.string(), outcome: z.string() })).optional(),
  /** Trace of the message that opened the incident (W3C Trace Context). All work on the incident continues it. */
  trace: z.string().max(100).optional(),
  lease: lease.optional(),
  /** Why the run stopped before its end. `budget`: it would take more out of service than the budget allows. */
  held: z.object({ because: z.string(), at: time, budget: z.literal(true).optional() }).optional(),
  /** Who lifted the budgets for this incident, and when. */
  lifted: z.object({ by: z.string(), at: time }).optional(),
  /** When people were last told what is still in force. */
  remindedAt: time.optional(),
  outbox: z.array(notice),
  /** What of this document has been published: the highest notice `seq` + 1, and the highest `goal.rev`. */
  published: z.object({ notices: z.number().int().nonnegative(), goal: z.number().int().nonnegative() }),
  dueAt: time.optional(),
});
export type Incident = z.infer<typeof incident>;
