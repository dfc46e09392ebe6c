import { isDeepStrictEqual } from 'node:util';
import type { Transition } from '../../local/world/log.ts';
import { tierOf } from '../../shared/model/decision.ts';
import { tierRank } from '../../shared/model/ids.ts';
import { msOf } from '../../shared/model/time.ts';
import { type Invariant, ours } from './ended.ts';

const MINUTE_MS = 60_000;
/** A tick comes every minute, and clocks may differ by as much as this. */
const TICKS_MS = 5 * MINUTE_MS;

/** 4: an approval carries out exactly the plan that the incident asked for when the approval was recorded. */
const asPlanned: Invariant = ({ stage }) =>
  stage.seen.words.flatMap(({ incident, asked, request }) => {
    const { action, plan } = stage.seen.requests.get(request ?? '') ?? {};
    return action === 'approve' && plan !== asked?.plan
      ? [`4: the approval of plan ${plan} was carried out in ${incident}, which asked for ${asked?.plan}`]
      : [];
  });

/** 4: a plan that an operator rejected is not asked for again because of evidence. */
const notAgain: Invariant = ({ stage }) =>
  stage.seen.asks.flatMap(({ incident, at, asked }) =>
    asked.by === undefined &&
    asked.lifts !== true &&
    stage.seen.rejected.some((r) => r.incident === incident && r.plan === asked.plan && r.at < at)
      ? [`4: ${incident} asks for ${asked.tier} (plan ${asked.plan}) again, although an operator rejected it`]
      : [],
  );

/** 5: an ask that nobody answers in time lapses. */
const lapses: Invariant = ({ stage, incidents }) =>
  incidents.flatMap(({ id, decision }) => {
    const until = decision?.asked?.until;
    return until !== undefined && msOf(until) + TICKS_MS < stage.clock.now()
      ? [`5: ${id} still asks for ${decision?.asked?.tier}, although that lapsed at ${until}`]
      : [];
  });

/** 4: for as long as the cooldown after a release, the policy alone begins nothing in the next episode. */
const cools: Invariant = ({ stage, incidents }) => {
  const byId = new Map(incidents.map((i) => [i.id, i]));
  const { words } = stage.seen;
  const releasedAt = (key: string, episode: number): number | undefined => {
    const of = words.filter(({ incident }) => {
      const i = byId.get(incident);
      return i?.key === key && i.episode === episode;
    });
    return of.at(-1)?.goal.tier === 'released' ? of.at(-1)?.at : undefined;
  };
  return words.flatMap(({ incident, goal, before, at }) => {
    const i = byId.get(incident);
    const tier = tierOf(goal);
    if (i === undefined || goal.by !== 'policy' || tier === undefined || tierRank(tier) === 0) return [];
    const since = before === null ? releasedAt(i.key, i.episode - 1) : undefined;
    return since !== undefined && since <= at && at - since < stage.policy.minutes.cooldown * MINUTE_MS - TICKS_MS
      ? [`4: the policy began ${tier} in ${incident} ${at - since} ms after the release of the episode before`]
      : [];
  });
};

const OPENED = 'firebreak-investigate';
/** How long an access stays open, and how long a closing may be denied before it is given up. */
const ACCESS_MS = 60 * MINUTE_MS;
const CLOSING_MS = 20 * MINUTE_MS;

const opens = ({ change }: Transition): boolean => JSON.stringify(change['tags.items']?.to ?? '').includes(OPENED);

/** 5: an access for an investigation is closed at its end time, whoever holds the node then. */
const closes: Invariant = ({ stage }) => {
  if (stage.rights.long === true || stage.outage.ever === true) return [];
  return [...stage.world.compute.state.instances.values()].flatMap((vm) => {
    if (vm.tags.items?.includes(OPENED) !== true) return [];
    const opened = ours(stage).findLast((t) => t.uid === vm.id && opens(t));
    return opened !== undefined && opened.at + ACCESS_MS + CLOSING_MS < stage.clock.now()
      ? [`5: VM ${vm.name} is still open for an investigation ${stage.clock.now() - opened.at} ms after it was opened`]
      : [];
  });
};

/** 6: a notice was stored before it was published, and a number of an incident's outbox names one notice only. */
const onceNumbered: Invariant = ({ stage }) =>
  stage.seen.notices.flatMap(({ notice, stored }) => {
    const { incident, seq, title } = Object(notice);
    if (stored === undefined) return [`6: notice ${seq} of ${incident} was published before it was stored: ${title}`];
    return isDeepStrictEqual(stored, notice) ? [] : [`6: ${incident} has two notices with the number ${seq}: ${title}`];
  });

/** Asks, and what is told and ended by itself. */
export const ASKS: readonly Invariant[] = [asPlanned, notAgain, lapses, cools, closes, onceNumbered];
