import { SHOP } from '../../local/world/seed.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { timeOf } from '../../shared/model/time.ts';
import { AGAIN, contain, end, type Given, MINUTE_MS, RIGHTS, SECOND_MS, withoutRights } from './course.ts';
import type { Victim } from './deeds.ts';
import { ask } from './operators.ts';
import type { Stage } from './stage.ts';
import type { Event } from './story.ts';

/** A weak finding, by which nothing is begun, or one that begins something. */
const seenOn = (
  stage: Stage,
  { namespace, name, uid }: Victim,
  id: string,
  agoMs: number,
  isWeak: boolean,
): Finding => ({
  v: 1,
  id,
  rule: isWeak ? 'exec-into-pod' : 'exec-reverse-shell',
  severity: isWeak ? 'medium' : 'high',
  confidence: isWeak ? 0.45 : 0.9,
  family: 'exec',
  ...(isWeak ? {} : { conclusive: true }),
  because: ['seen in the simulation'],
  target: { ...SHOP, namespace, pod: name, uid },
  at: timeOf(stage.clock.now() - agoMs),
  source: 'gke-audit-log',
});

/**
 * A weak finding opens an episode. Then decide gets the findings of hours or days at once and in any order, as after an
 * outage: some belong to that episode, and others to the next.
 */
export const backlog = ({ chance, victims, all }: Given): Event[] => {
  // Not one that the story attacks: what is in force there would keep its episode.
  const victim = chance.pick(all.filter(({ uid }) => victims.every((one) => one.uid !== uid)));
  const first = chance.between(5, 150) * SECOND_MS;
  const hours = chance.pick([2, 4, 30]);
  const start = first + chance.between(1, 20) * SECOND_MS;
  const found = Array.from({ length: chance.between(2, 6) }, (_, n): Event => {
    const belongsToFirst = chance.happens(0.4);
    const agoMs = (hours * 60 - chance.between(0, belongsToFirst ? 28 : hours * 60)) * MINUTE_MS;
    const isWeak = chance.happens(0.3);
    return {
      atMs: start + chance.between(0, 500),
      what: 'finding of an outage',
      happen: async (s) => void (await s.bus.publish('findings', seenOn(s, victim, `o-${n}`, agoMs, isWeak))),
    };
  });
  const asked = start + chance.between(-1_000, 2_000);
  const ended = start + chance.between(0, 90) * SECOND_MS;
  return [
    {
      atMs: first,
      what: 'weak finding',
      happen: async (s) =>
        void (await s.bus.publish('findings', seenOn(s, victim, 'o-first', hours * 60 * MINUTE_MS, true))),
    },
    ...found,
    ...(chance.happens(0.4)
      ? [{ atMs: asked, what: AGAIN, happen: (s) => contain(s, chance, victim, 'isolate', false) } satisfies Event]
      : []),
    ...(chance.happens(0.5)
      ? [
          {
            atMs: ended,
            what: 'end',
            happen: (s) => end(s, chance, victim, chance.pick(['release', 'close'])),
          } satisfies Event,
        ]
      : []),
  ];
};

/** A release goes on for minutes, and is closed at the moment when the next episode is opened, by whatever opens it. */
export const closeAtOpening = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 150) * SECOND_MS;
  const released = start + chance.between(60, 200) * SECOND_MS;
  const closed = released + chance.between(1_000, 30_000);
  const opened = closed + chance.between(-500, 500);
  const again = opened + chance.between(30, 200) * SECOND_MS;
  let former: string | undefined;
  const note = async (stage: Stage): Promise<void> => {
    const { items } = await stage.ports.stores.incidents.list({});
    former = items.find((i) => i.state === 'containing' && i.subjects.some(({ uid }) => uid === victim.uid))?.id;
  };
  const isByFinding = chance.happens(0.4);
  return [
    { atMs: start, what: 'contain', happen: (s) => contain(s, chance, victim, 'isolate', false) },
    ...withoutRights(released - SECOND_MS, closed + chance.between(1, 120) * SECOND_MS, chance.pick(RIGHTS)),
    { atMs: released, what: 'release', happen: (s) => end(s, chance, victim, 'release') },
    { atMs: released + 900, what: 'note which one', happen: note },
    {
      atMs: closed,
      what: 'close',
      happen: async (s) => void (former === undefined || (await ask(s, chance, { action: 'close', incident: former }))),
    },
    {
      atMs: opened,
      what: isByFinding ? 'finding' : AGAIN,
      happen: async (s) => {
        if (isByFinding) await s.bus.publish('findings', seenOn(s, victim, 'c-1', 0, false));
        else await contain(s, chance, victim, chance.pick(['quarantine', 'isolate']), false);
      },
    },
    { atMs: again, what: AGAIN, happen: (s) => contain(s, chance, victim, 'isolate', false) },
  ];
};

/** Every incident that holds a pod is released at about the same time. */
export const allReleased = ({ chance, victims, all }: Given): Event[] => {
  const victim = chance.pick(victims);
  const others = all.filter(({ node, uid }) => node === victim.node && uid !== victim.uid);
  const start = chance.between(5, 120) * SECOND_MS;
  const released = start + chance.between(40, 200) * SECOND_MS;
  const releaseEach = async (stage: Stage): Promise<void> => {
    const { items } = await stage.ports.stores.incidents.list({});
    for (const { id, goal } of items)
      if (goal !== null) {
        await ask(stage, chance, { action: 'release', incident: id });
        await stage.clock.sleep(chance.between(0, 2_000));
      }
  };
  return [
    { atMs: start, what: AGAIN, happen: (s) => contain(s, chance, victim, 'isolate', false) },
    ...others.slice(0, 2).map(
      (one): Event => ({
        atMs: start + chance.between(0, 20) * SECOND_MS,
        what: AGAIN,
        happen: (s) => contain(s, chance, one, chance.pick(['quarantine', 'isolate']), false),
      }),
    ),
    { atMs: released, what: 'release each', happen: releaseEach },
    {
      atMs: released + chance.between(0, 5_000),
      what: 'finding',
      happen: async (s) => void (await s.bus.publish('findings', seenOn(s, victim, 'r-1', 0, false))),
    },
  ];
};
