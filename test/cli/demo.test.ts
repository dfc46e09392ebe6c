import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { demoCommand } from '../../cli/commands/demo.ts';
import type { Io } from '../../cli/io.ts';
import { main } from '../../cli/main.ts';
import type { StartStack } from '../../cli/play.ts';
import { seedShop } from '../../local/world/seed.ts';
import { makeWorld } from '../../local/world/world.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { openStores } from '../../shared/store/incidents.ts';
import { contained, entry } from '../shared/views/fixtures.ts';
import { captured, NOW } from './kit.ts';

type Started = { dir: string; pubsub: string; bodies: unknown[]; stopped: boolean };

/** The folders that were handed out. The demo keeps one if its scenario did not end as expected. */
const folders: string[] = [];

/** Stacks without functions: the incident that `answer` gives is stored for each scenario that is published. */
const fakeStacks = (answer: () => Incident | undefined): { start: StartStack; started: Started[] } => {
  const started: Started[] = [];
  const clock = { now: () => NOW, random: () => randomBytes(16).toString('hex') };
  return {
    started,
    start: async ({ dir, pubsub }) => {
      const own: Started = { dir, pubsub, bodies: [], stopped: false };
      started.push(own);
      folders.push(dir);
      const world = makeWorld(clock);
      seedShop(world);
      const stores = openStores({ raw: makeMemoryStore(clock), clock });
      return {
        world,
        stores,
        publish: async (_topic, body) => {
          own.bodies.push(body);
          const incident = answer();
          if (incident !== undefined) await stores.incidents.put(incident.id, incident, null);
          return '1';
        },
        idle: async () => {},
        stop: async () => {
          own.stopped = true;
        },
      };
    },
  };
};

const run = async (argv: string[], start: StartStack) => {
  const { io, said } = captured();
  const demo = async () => (program: Command, own: Io) => demoCommand(program, own, start);
  const code = await main(['demo', ...argv], io, { demo });
  return { code, ...(await said()) };
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

describe('firebreak demo', () => {
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  const ended = () => fakeStacks(() => contained());

  it('plays a scenario, tells its story and prints the timeline', async () => {
    const { start, started } = ended();
    const { code, out, err } = await run(['reverse-shell'], start);
    assert.equal(code, 0);
    assert.match(out, /^HIGH {2}pod shop\/cart-7d9f/);
    assert.match(out, /✔ done +quarantine-pod/);
    assert.match(err, /A reverse shell in a pod:\n/);
    assert.match(err, /Next:\n {2}npx firebreak demo --list .*\n {2}npx firebreak local /);
    const body = JSON.stringify(started[0]?.bodies);
    assert.match(body, /core\/v1\/namespaces\/shop\/pods\/cart-[a-z0-9-]+\/exec/);
  });

  it('says so if the story ends while a step still waits, and only then', async () => {
    const goal = { ...(contained().goal ?? assert.fail()), tier: 'delete-workload', stopFirst: true } as const;
    const watching = contained({
      state: 'containing',
      target: { ...contained().target, namespace: 'payments' },
      decision: { ...(contained().decision ?? assert.fail()), verdict: 'act', tier: 'delete-workload' },
      goal,
      run: { rev: goal.rev - 1 },
      journal: [entry('delete-workload', 10, { state: 'pending', because: 'deleted; watching', proof: null })],
    });
    const { code, out, err } = await run(['ransom'], fakeStacks(() => watching).start);
    assert.deepEqual([code, out.includes('containing')], [0, true]);
    assert.match(err, /\nThe story ends here\. On a cluster, .*\nAll of it ran/);
    assert.doesNotMatch((await run(['reverse-shell'], ended().start)).err, /The story ends here/);
  });

  it('stops the stack and removes its folder', async () => {
    const { start, started } = ended();
    await run(['reverse-shell'], start);
    assert.equal(started[0]?.stopped, true);
    assert.equal(await exists(started[0]?.dir ?? '/'), false);
  });

  it('prints the documents and nothing else with --json', async () => {
    const { start } = ended();
    const { out, err } = await run(['reverse-shell', '--json'], start);
    assert.deepEqual(Object.keys(JSON.parse(out)), ['incidents']);
    assert.equal(JSON.parse(out).incidents[0].decision.tier, 'quarantine');
    assert.equal(err, '');
  });

  it('gives each stack its own folder, also if two run at the same time', async () => {
    const { start, started } = ended();
    const codes = await Promise.all([run(['reverse-shell'], start), run(['reverse-shell'], start)]);
    assert.deepEqual(
      codes.map(({ code }) => code),
      [0, 0],
    );
    assert.notEqual(started[0]?.dir, started[1]?.dir);
  });

  it('passes on which bus to use', async () => {
    const { start, started } = ended();
    await run(['reverse-shell', '--pubsub', 'emulator'], start);
    assert.equal(started[0]?.pubsub, 'emulator');
  });

  it('exits 1 and names what is missing if the scenario did not end as expected', async () => {
    const nothing = await run(['reverse-shell', '--timeout', '0.05'], fakeStacks(() => undefined).start);
    assert.equal(nothing.code, 1);
    assert.match(
      nothing.err,
      /did not end as it must: no incident on a pod of shop\/cart was opened; the logs are in /,
    );
    const failed = contained({ journal: [entry('quarantine-pod', 10, { state: 'refused', proof: null })] });
    const { code, out, err } = await run(['reverse-shell', '--timeout', '0.05'], fakeStacks(() => failed).start);
    assert.equal(code, 1);
    assert.match(out, /⊘ refused/);
    assert.match(err, /quarantine-pod of [^ ]+ is not done, but refused/);
  });

  it('stops the stack if a scenario cannot be played', async () => {
    const { start, started } = fakeStacks(() => {
      throw new Error('the bus is full');
    });
    const { code, err } = await run(['reverse-shell'], start);
    assert.equal(code, 1);
    assert.match(err, /firebreak: the bus is full\n$/);
    assert.equal(started[0]?.stopped, true);
  });

  it('lists the scenarios, and points to the list for an unknown one', async () => {
    const { start, started } = ended();
    const { out } = await run(['--list'], start);
    const { scenarios } = JSON.parse((await run(['--list', '--json'], start)).out);
    for (const { id } of scenarios) assert.ok(out.includes(id));
    assert.match(out, /^SCENARIO +WHAT HAPPENS\ncryptominer /);
    assert.match(out, /reverse-shell +A reverse shell in a pod/);
    const { code, err } = await run(['reverse-shel'], start);
    assert.equal(code, 2);
    assert.match(err, /there is no scenario "reverse-shel": see `firebreak demo --list`/);
    assert.deepEqual(started, []);
  });
});
