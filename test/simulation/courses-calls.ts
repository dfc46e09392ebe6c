import { timeOf } from '../../shared/model/time.ts';
import { AGAIN, contain, DELETING, deed, end, type Given, MINUTE_MS, SECOND_MS, withoutRights } from './course.ts';
import { ask } from './operators.ts';
import type { Event } from './story.ts';

/** The calls that one step needs and others do not. */
const ONE_RIGHT = [
  /^compute\.setTags$/,
  /^compute\.(abandonInstances|createInstance|resizeGroup)$/,
  /^compute\.(createSnapshot|setDiskAutoDelete)$/,
  /^compute\.(deleteAccessConfig|addAccessConfig)$/,
  /^clusters\.writer\.patch$/,
  /^clusters\.writer\.(evict|delete)$/,
  /^clusters\.writer\.create$/,
] as const;

/** One permission is missing for about ten minutes, as while IAM propagates, during a containment and its release. */
export const oneRight = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 200) * SECOND_MS;
  const from = start + chance.between(-20, 90) * SECOND_MS;
  const to = from + chance.between(3, 12) * MINUTE_MS;
  const released = chance.between(from, to);
  return [
    {
      atMs: start,
      what: AGAIN,
      happen: (s) => contain(s, chance, victim, chance.pick(['isolate', ...DELETING]), false),
    },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 9300) },
    ...withoutRights(Math.max(0, from), to, chance.pick(ONE_RIGHT)),
    ...(chance.happens(0.4)
      ? [{ atMs: released, what: 'release', happen: (s) => end(s, chance, victim, 'release') } satisfies Event]
      : []),
  ];
};

/** No function reaches the cluster, or Compute Engine, for up to an hour. Then it is back. */
export const unreachable = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const start = chance.between(5, 200) * SECOND_MS;
  const from = start + chance.between(-30, 200) * SECOND_MS;
  const to = Math.max(0, from) + chance.between(5, 65) * MINUTE_MS;
  const lost = chance.pick([/^clusters\.(reader|writer)\b/, /^compute\b/] as const);
  const within = (): number => chance.between(Math.max(0, from), to);
  return [
    {
      atMs: start,
      what: AGAIN,
      happen: (s) => contain(s, chance, victim, chance.pick(['isolate', ...DELETING]), false),
    },
    { atMs: start + 3_000, what: 'approve', happen: (s) => deed('approve', s, chance, victim, 9400) },
    {
      atMs: Math.max(0, from),
      what: 'lose',
      happen: async ({ outage }) => void Object.assign(outage, { lost, ever: true }),
    },
    { atMs: within(), what: 'finding', happen: (s) => deed('finding', s, chance, victim, 9401) },
    ...(chance.happens(0.4)
      ? [{ atMs: within(), what: 'release', happen: (s) => end(s, chance, victim, 'release') } satisfies Event]
      : []),
    { atMs: to, what: 'find again', happen: async ({ outage }) => void Object.assign(outage, { lost: undefined }) },
  ];
};

const DAYS_MS = 3 * 24 * 60 * MINUTE_MS;

/** Messages arrive three days after they were sent: requests, findings, and ids of incidents. */
export const daysLate = ({ chance, victims }: Given): Event[] => {
  const victim = chance.pick(victims);
  const kinds = Array.from({ length: chance.between(1, 4) }, () =>
    chance.pick(['contain', 'release', 'id', 'id', 'approve'] as const),
  );
  return kinds.map((kind, n): Event => {
    const atMs = chance.between(20, 400) * SECOND_MS;
    const late: Event['happen'] = async (stage) => {
      const at = timeOf(stage.clock.now() - DAYS_MS);
      const { items } = await stage.ports.stores.incidents.list({});
      const some = items.length === 0 ? undefined : chance.pick(items);
      if (kind === 'id') {
        if (some !== undefined) await stage.bus.publish('containment', { incident: some.id });
        return;
      }
      if (kind === 'contain') {
        const target = { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: victim.namespace };
        await ask(stage, chance, {
          action: 'contain',
          tier: chance.pick(['isolate', 'delete-host'] as const),
          target: { ...target, pod: victim.name },
          at,
          reason: `late ${n}`,
        });
        return;
      }
      const asked = some?.decision?.asked;
      if (some === undefined) return;
      await ask(stage, chance, {
        action: kind,
        incident: some.id,
        at,
        ...(kind === 'approve' && asked !== undefined ? { plan: asked.plan } : {}),
      });
    };
    return { atMs, what: `${kind}, three days late`, happen: late };
  });
};
