import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pushed } from '../../local/broker/relay.ts';
import type { Stack, StackOptions } from '../../local/stack.ts';
import { allOf } from '../../shared/decision/pages.ts';
import { FUNCTIONS, type FunctionName, TOPICS } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { DeadLetter } from '../../shared/model/records.ts';
import type { DocStore } from '../../shared/ports.ts';
import { TOPICS_OF } from '../../shared/serve.ts';
import { CONTAIN } from '../kit/containment.ts';
import { inLanes } from '../kit/lanes.ts';
import { patiently } from '../kit/patient.ts';
import { backend } from '../require.ts';
import { chanceOf } from '../simulation/chance.ts';
import { repeated } from '../simulation/invariants.ts';
import { expected, type Load, makeLoad } from './chaos-load.ts';
import { stackFor } from './kit.ts';

/**
 * For how many seconds functions are killed. FIREBREAK_CHAOS_SECONDS sets it, and then also prints a summary of the
 * run.
 */
const ASKED = Number(process.env.FIREBREAK_CHAOS_SECONDS ?? '');
const SECONDS = ASKED > 0 ? ASKED : 20;
/** Time to come to rest: drains and snapshots have their own deadlines. */
const QUIET_MS = 300_000;
const IDLE_MS = 3000;
const LOAD_MS = 150;
const KILL_MS = 1500;

/** The last outcome of every message, by subscription and id. */
type Outcomes = ReadonlyMap<string, Pushed>;

const POLICY = `mode: act
budgets: { minutes: 60, nodes: 100, percent: 100, nodesPerPrincipal: 100, workloads: 100 }
`;

const listed = <T>(store: DocStore<T>): Promise<T[]> =>
  patiently(async () => {
    const all: T[] = [];
    for await (const one of allOf(store, {})) all.push(one);
    return all;
  });

/**
 * What a dead letter shares with its original message: Pub/Sub passes on neither the id nor the subscription's name.
 */
const letterKey = (topic: string, publishedAt: string, body: unknown): string =>
  `${topic} ${Date.parse(publishedAt)} ${JSON.stringify(body)}`;
const keyOfLetter = ({ topic, publishedAt = '', body }: DeadLetter): string => letterKey(topic, publishedAt, body);
const keyOfPush = ({ subscription, publishTime, data }: Pushed): string => {
  const topic = TOPICS.find((one) => subscription.endsWith(`-${one}`)) ?? assert.fail(subscription);
  return letterKey(topic, publishTime, JSON.parse(Buffer.from(data, 'base64').toString('utf8')));
};

/** The messages that were neither acknowledged nor kept as dead letters, by subscription and id. */
const owedOf = async (stack: Stack, pushed: Outcomes): Promise<string[]> => {
  const letters = new Set((await listed<DeadLetter>(stack.stores.dead)).map(keyOfLetter));
  return [...pushed].flatMap(([key, one]) => (one.outcome === 'acked' || letters.has(keyOfPush(one)) ? [] : [key]));
};

/**
 * Publishes the load and kills random functions, each at its own pace, until the time is over. Returns the number of
 * kills.
 */
const rage = async (stack: Stack, load: Load, chance = chanceOf(1, 'kills')): Promise<number> => {
  const until = performance.now() + SECONDS * 1000;
  let kills = 0;
  const kill = async (): Promise<void> => {
    // In rounds, each in its own order, so that every function is killed.
    let left: FunctionName[] = [];
    while (performance.now() < until) {
      await sleep(chance.between(KILL_MS / 2, (KILL_MS * 3) / 2));
      const name = chance.pick(left.length === 0 ? FUNCTIONS : left);
      left = (left.length === 0 ? [...FUNCTIONS] : left).filter((one) => one !== name);
      await stack.kill(name, 'SIGKILL');
      kills += 1;
    }
  };
  const publish = async (): Promise<void> => {
    while (performance.now() < until) {
      await load.next();
      await sleep(LOAD_MS);
    }
  };
  await Promise.all([kill(), publish()]);
  return kills;
};

/**
 * Why an incident is not at rest; undefined if it is. An incident that only waits for a snapshot is at rest: a disk
 * allows one every ten minutes, the journal records that, and the tick looks again.
 */
const unrest = ({
  id,
  goal,
  run,
  held,
  lease,
  journal,
  published,
  outbox,
  takesOver,
}: Incident): string | undefined => {
  const open = journal.filter(({ state }) => state === 'applying' || state === 'pending');
  const waits = open.length > 0 && open.every(({ step, wakeAt }) => step === 'start-snapshots' && wakeAt !== undefined);
  if (held !== undefined || (waits && lease === undefined)) return undefined;
  if (goal !== null && goal.rev !== run.rev) return `${id} is at ${run.rev} of ${goal.rev} (${goal.tier})`;
  if (open.length > 0) return `${id}: ${open.map((e) => `${e.step} ${e.subject} ${e.state}`).join(', ')}`;
  if (takesOver !== undefined) return `${id} has yet to take over ${takesOver}`;
  return published.notices <= (outbox.at(-1)?.seq ?? -1) ? `${id} has unpublished notices` : undefined;
};

/**
 * Waits until every message is accounted for and every incident is at rest. The leases of killed functions expire by
 * themselves. The bus need not go silent: an incident that waits for a snapshot is checked every few seconds.
 */
const rest = async (stack: Stack, load: Load, pushed: Outcomes): Promise<Incident[]> => {
  await Promise.all(FUNCTIONS.map((name) => stack.up(name)));
  const until = performance.now() + QUIET_MS;
  for (;;) {
    await Promise.race([stack.idle(), sleep(IDLE_MS)]);
    const incidents = await listed(stack.stores.incidents);
    const restless = incidents.filter((one) => unrest(one) !== undefined);
    const missing = restless.length === 0 ? await lost(stack, load, pushed) : [];
    if (restless.length === 0 && missing.length === 0) return incidents;
    if (performance.now() > until) {
      const restlessly = [...restless.map(unrest), ...missing, ...(await lastErrors(stack))];
      assert.fail(`still not at rest: ${restlessly.join('; ')}`);
    }
    await sleep(500);
  }
};

/** The last error that each function logged. */
const lastErrors = async ({ dir }: Stack): Promise<string[]> => {
  const lines = await Promise.all(
    FUNCTIONS.map(async (name) => {
      const text = await readFile(join(dir, 'logs', `${name}.log`), 'utf8');
      return text.split('\n').findLast((line) => line.includes('"ERROR"'));
    }),
  );
  return lines.filter((line) => line !== undefined);
};

/** The log lines of all functions that carry a metric. */
type Line = { metric: string; fields?: Record<string, unknown> };
const counted = async ({ dir }: Stack): Promise<Line[]> => {
  const texts = await Promise.all(FUNCTIONS.map((name) => readFile(join(dir, 'logs', `${name}.log`), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('{') && line.includes('"metric"') && line.endsWith('}'))
    .map((line) => JSON.parse(line));
};

const idOf = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : '';

const deadByTopic = async (stack: Stack): Promise<Record<string, number>> => {
  const dead = await listed<DeadLetter>(stack.stores.dead);
  return Object.fromEntries(TOPICS.map((one) => [one, dead.filter(({ topic }) => topic === one).length]));
};

/** What the load has lost, one sentence each. */
const lost = async (stack: Stack, load: Load, pushed: Outcomes): Promise<string[]> => {
  const dead = await listed<DeadLetter>(stack.stores.dead);
  const lines = await counted(stack);
  const recorded = new Set((await listed(stack.stores.findings)).map(({ finding }) => finding.id));
  const refused = new Set(lines.map(({ fields }) => String(fields?.finding)));
  const unread = new Set(lines.flatMap(({ metric, fields }) => (metric === 'malformed' ? [String(fields?.id)] : [])));
  const buried = new Set(dead.map(({ body }) => idOf(body)));
  // A signal that ended as a dead letter is itself the record: no finding follows from it.
  const unseen = new Set(dead.flatMap(({ body, attributes, at }) => signalFindings(body, attributes, Date.parse(at))));
  const answered = new Set(
    (await listed(stack.stores.requests)).flatMap(({ id, state }) => (state === 'seen' ? [] : [id])),
  );
  const letters = new Set(dead.map(({ topic, body }) => `${topic} ${JSON.stringify(body)}`));
  return [
    ...(await owedOf(stack, pushed)).map((key) => `message ${key}`),
    ...load.sent.flatMap(({ topic, id, body }) =>
      FUNCTIONS.flatMap((name) => {
        if (letters.has(`${topic} ${JSON.stringify(body)}`)) return [];
        const isTaken = TOPICS_OF[name].some((one) => one === topic);
        return !isTaken || pushed.has(`firebreak-${name}-${topic} ${id}`)
          ? []
          : [`message ${id} of ${topic}: not pushed`];
      }),
    ),
    ...[...load.findings].flatMap((id) =>
      recorded.has(id) || refused.has(id) || buried.has(id) || unseen.has(id) ? [] : [`finding ${id}`],
    ),
    ...[...load.requests].flatMap((id) => (answered.has(id) || buried.has(id) ? [] : [`request ${id}`])),
    ...load.unreadable.flatMap(({ topic, id, body }) =>
      unread.has(id) || letters.has(`${topic} ${JSON.stringify(body)}`) ? [] : [`unreadable message ${id}`],
    ),
  ];
};

const signalFindings = (body: unknown, attributes: Record<string, string>, now: number): string[] => {
  try {
    return expected(body, attributes, now);
  } catch {
    return [];
  }
};

type Kept = 'sqlite' | 'firestore';

/**
 * Kills functions while a load arrives, and asserts that nothing is lost or changed twice once all has come to rest.
 */
const chaos = async (store: Kept): Promise<void> => {
  const pushed = new Map<string, Pushed>();
  const watch = (one: Pushed): void => {
    const key = `${one.subscription} ${one.messageId}`;
    // A message that was acknowledged once is done, even if it is pushed twice at the same time.
    if (pushed.get(key)?.outcome !== 'acked') pushed.set(key, one);
  };
  const folder = await mkdtemp(join(tmpdir(), 'firebreak chaos '));
  const policy = join(folder, 'policy.yaml');
  await writeFile(policy, POLICY);
  try {
    const options: Omit<StackOptions, 'dir'> = { pubsub: 'emulator', store, policy, watch };
    await using run = await stackFor(options);
    const { stack } = run;
    const load = makeLoad(stack, chanceOf(1, 'load'));
    const kills = await rage(stack, load);
    const incidents = await rest(stack, load, pushed);
    const changes = stack.world.log.by(CONTAIN);
    if (ASKED > 0) {
      const figures = {
        store,
        seconds: SECONDS,
        sent: load.sent.length,
        messages: pushed.size,
        kills,
        restarts: stack.restarts(),
        dead: await deadByTopic(stack),
        findings: load.findings.size,
        requests: load.requests.size,
        incidents: incidents.length,
        changes: changes.length,
      };
      process.stdout.write(`${JSON.stringify(figures)}\n`);
    }
    assert.deepEqual(repeated(changes), []);
    assert.ok(changes.length > 0 && kills >= FUNCTIONS.length, `${changes.length} changes, ${kills} kills`);
  } finally {
    await rm(folder, { recursive: true });
  }
};

// All functions as processes over Google's own emulators, killed at random while a load arrives.
describe('functions that are killed at any time', function () {
  this.timeout(SECONDS * 1000 + 2 * QUIET_MS + 60_000);
  const [pubsub, firestore] = [backend('pubsub'), backend('firestore')];
  if (!pubsub.available) return;
  const stores: readonly Kept[] = firestore.available ? ['sqlite', 'firestore'] : ['sqlite'];
  let played: (store: Kept) => Promise<void>;
  // Most of the time passes until the leases of the killed have ended.
  before(() => {
    played = inLanes(stores, chaos);
  });
  for (const store of stores) {
    it(`lose no message and change nothing twice, over ${store === 'sqlite' ? 'one machine' : 'Firestore'}`, async () => {
      await played(store);
    });
  }
});
