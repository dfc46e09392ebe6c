import { strict as assert } from 'node:assert';
import type { Command } from 'commander';
import { approveCommand } from '../../cli/commands/approve.ts';
import { closeCommand } from '../../cli/commands/close.ts';
import { containCommand } from '../../cli/commands/contain.ts';
import { haltCommand } from '../../cli/commands/halt.ts';
import { rejectCommand } from '../../cli/commands/reject.ts';
import { releaseCommand } from '../../cli/commands/release.ts';
import { resumeCommand } from '../../cli/commands/resume.ts';
import type { Connect } from '../../cli/connect.ts';
import type { Io } from '../../cli/io.ts';
import { main } from '../../cli/main.ts';
import { request } from '../../shared/model/request.ts';
import { timeOf } from '../../shared/model/time.ts';
import { contained, isolating } from '../shared/views/fixtures.ts';
import { reportedIncident } from '../shared/views/report-fixtures.ts';
import { captured, fakeDeployment, NOW } from './kit.ts';

type Add = (program: Command, io: Io, connectTo?: Connect) => void;
const ALL: Readonly<Record<string, Add>> = {
  contain: containCommand,
  approve: approveCommand,
  reject: rejectCommand,
  release: releaseCommand,
  close: closeCommand,
  halt: haltCommand,
  resume: resumeCommand,
};

const run = async (argv: string[], to = fakeDeployment(), parts: Partial<Io> = {}) => {
  const { io, said } = captured(parts);
  const commands = Object.entries(ALL).map(([name, add]) => [
    name,
    async () => (program: Command, own: Io) => add(program, own, to.connect),
  ]);
  const code = await main(argv, io, Object.fromEntries(commands));
  return { code, ...(await said()), published: to.published, closed: to.closed() };
};

const POD = ['pod/cart-7d9f', '-n', 'shop', '--cluster', 'c1', '--location', 'europe-west1'];
const ISOLATE = ['--tier', 'isolate', '--reason', 'seen in triage'];

describe('requests from the command line', () => {
  it('publishes contain in the documented form, and prints its id', async () => {
    const { code, out, published, closed } = await run(['contain', ...POD, '--project', 'p1', ...ISOLATE]);
    assert.equal(code, 0);
    assert.equal(published[0]?.topic, 'requests');
    const body = request.parse(published[0]?.body);
    assert.deepEqual(body, {
      id: out.trim(),
      at: timeOf(NOW),
      action: 'contain',
      tier: 'isolate',
      target: { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop', pod: 'cart-7d9f' },
      reason: 'seen in triage',
      requestedBy: 'ana',
    });
    assert.equal(closed, 1);
  });

  it('passes on the options of contain, and only those that are given', async () => {
    const { published } = await run([
      'contain',
      ...POD,
      ...ISOLATE,
      '--stop-first',
      '--drain',
      '--as',
      'bo@example.com',
    ]);
    const body = request.parse(published[0]?.body);
    assert.deepEqual([body.stopFirst, body.drain, body.requestedBy], [true, true, 'bo@example.com']);
    assert.ok(!('forensics' in body) && !('investigate' in body) && !('sandbox' in body));
    const more = await run(['contain', ...POD, ...ISOLATE, '--investigate', '--forensics', '--sandbox']);
    const { investigate, forensics, sandbox, stopFirst, drain } = request.parse(more.published[0]?.body);
    assert.deepEqual([investigate, forensics, sandbox, stopFirst, drain], [true, true, true, undefined, undefined]);
  });

  it("takes the session's user if FIREBREAK_AS is empty", async () => {
    const to = fakeDeployment();
    await run(['halt', '--reason', 'x'], to, { env: { FIREBREAK_AS: '', USER: 'ana' } });
    assert.equal(Object(to.published[0]?.body).requestedBy, 'ana');
  });

  it('sends a project an id token unless told not to, and never prints it', async () => {
    const to = fakeDeployment();
    const deployed = {
      ...to,
      connect: async (...of: Parameters<Connect>) => ({ ...(await to.connect(...of)), local: false }),
    };
    const parts = { env: { USER: 'ana', FIREBREAK_ID_TOKEN: 'header.payload.signature', PATH: '' } };
    const sent = await run(['halt', '--reason', 'x', '--json'], deployed, parts);
    assert.equal(request.parse(sent.published[0]?.body).idToken, 'header.payload.signature');
    assert.ok(!`${sent.out}${sent.err}`.includes('signature'));
    const without = await run(['halt', '--reason', 'x', '--no-id-token'], deployed, parts);
    assert.equal(request.parse(without.published[1]?.body).idToken, undefined);
    assert.equal(without.err, '');
    const unproven = await run(['halt', '--reason', 'x'], deployed, { env: { USER: 'ana', PATH: '' } });
    assert.equal(request.parse(unproven.published[2]?.body).idToken, undefined);
    assert.match(unproven.err, /^firebreak: nothing proves who asks, .*gcloud auth login`\.\n$/);
  });

  it('accepts an incident id as what to contain', async () => {
    const { published } = await run(['contain', 'i-0000000000a1-1', ...ISOLATE]);
    const body = request.parse(published[0]?.body);
    assert.deepEqual([body.incident, body.target], ['i-0000000000a1-1', undefined]);
  });

  for (const action of ['release', 'close']) {
    it(`publishes ${action} for an incident`, async () => {
      const { code, published } = await run([action, 'i-0000000000a1-1', '--reason', 'r']);
      const body = request.parse(published[0]?.body);
      assert.deepEqual([code, body.action, body.incident], [0, action, 'i-0000000000a1-1']);
    });
  }

  for (const action of ['halt', 'resume']) {
    it(`publishes ${action} for everything`, async () => {
      const { published } = await run([action, '--reason', 'r']);
      assert.equal(request.parse(published[0]?.body).action, action);
    });
  }

  for (const [action, doing] of [
    ['approve', 'approving'],
    ['reject', 'rejecting'],
  ] as const) {
    it(`answers the plan that ${action} names`, async () => {
      const { published } = await run([action, 'i-0000000000a1-1', '--plan', 'b7d0c4e19a52', '--reason', 'r']);
      const body = request.parse(published[0]?.body);
      assert.deepEqual([body.action, body.incident, body.plan], [action, 'i-0000000000a1-1', 'b7d0c4e19a52']);
    });

    it(`answers the plan that is asked for now if ${action} names none, and prints which`, async () => {
      const to = fakeDeployment();
      const asking = isolating();
      await to.stores.incidents.put(asking.id, asking, null);
      const { published, err } = await run([action, asking.id, '--reason', 'r'], to);
      assert.equal(request.parse(published[0]?.body).plan, 'b7d0c4e19a52');
      assert.match(err, new RegExp(`${doing} delete-workload on shop-cart-3f2a-2`));
    });

    it(`takes ids of ${action} as they are pasted`, async () => {
      const to = fakeDeployment();
      const asking = isolating();
      await to.stores.incidents.put(asking.id, asking, null);
      const { published } = await run([action, ` ${asking.id}\r`, '--reason', 'r'], to);
      assert.equal(request.parse(published[0]?.body).incident, asking.id);
    });

    it(`publishes no ${action} for an incident that asks for nothing`, async () => {
      const to = fakeDeployment();
      const quiet = contained();
      await to.stores.incidents.put(quiet.id, quiet, null);
      const { code, err, published } = await run([action, quiet.id, '--reason', 'r'], to);
      assert.deepEqual([code, published], [1, []]);
      assert.match(err, /asks for nothing now \(it is contained\): see `firebreak incidents shop-cart-3f2a-1`\.$/m);
      assert.match(
        (await run([action, 'i-0000000000a1-1', '--reason', 'r'], to)).err,
        /there is no incident i-0000000000a1-1: see/,
      );
    });
  }

  it('says which objects an approval is for, and nothing of them where it is refused', async () => {
    const to = fakeDeployment();
    const asking = { ...isolating(), subjects: reportedIncident().subjects };
    await to.stores.incidents.put(asking.id, asking, null);
    const reach = /^An approval deletes Deployment shop\/cart with all of its pods[.]$/m;
    assert.match((await run(['approve', asking.id, '--reason', 'r'], to)).err, reach);
    assert.doesNotMatch((await run(['reject', asking.id, '--reason', 'r'], to)).err, reach);
  });

  it('names the incident that the beginning of an id means before anything is published', async () => {
    const to = fakeDeployment();
    const doc = { ...contained(), id: 'i-0a1b2c3d4e5f-1' };
    await to.stores.incidents.put(doc.id, doc, null);
    for (const action of ['approve', 'reject', 'release', 'close']) {
      const { code, err, published } = await run([action, 'i-0a1b2c3d4e5f', '--reason', 'r'], to);
      assert.deepEqual([code, published], [1, []], action);
      assert.match(err, /there is no incident i-0a1b2c3d4e5f, but i-0a1b2c3d4e5f-1 .*: name it by its id[.]\n$/);
    }
    const { published } = await run(['release', ' i-0a1b2c3d4e5f-1 ', '--reason', 'r'], to);
    assert.equal(request.parse(published[0]?.body).incident, doc.id);
  });

  it('takes no beginning of an id that ends in digits, and no pod, for an id', async () => {
    const to = fakeDeployment();
    const doc = { ...contained(), id: 'i-0224ec5f98e5-1' };
    await to.stores.incidents.put(doc.id, doc, null);
    const begun = await run(['release', 'i-0224', '--reason', 'r'], to);
    assert.deepEqual([begun.code, begun.published], [1, []]);
    assert.match(begun.err, /there is no incident i-0224, but i-0224ec5f98e5-1 .*: name it by its id[.]\n$/);
    const pod = await run(['contain', 'ledger-0', '--tier', 'isolate', '--reason', 'r'], to);
    assert.deepEqual([pod.code, pod.published], [1, []]);
    assert.match(
      pod.err,
      /there is no incident ledger-0: see .*, or name a target by its kind, such as pod\/ledger-0[.]\n$/,
    );
  });

  it('refuses an invalid name before anything is published', async () => {
    const wrong: ReadonlyArray<[string[], RegExp]> = [
      [['contain', 'pod/Cart_1', ...POD.slice(1), ...ISOLATE], /pod: not a valid pod name/],
      [['contain', 'pod/a;id', ...POD.slice(1), ...ISOLATE], /pod: not a valid pod name/],
      [['contain', 'pod/cart', '-n', 'shop', ...ISOLATE], /add --cluster and --location/],
      [['contain', 'pod/cart', '--cluster', 'c1', '--location', 'europe-west1', ...ISOLATE], /add --namespace/],
      [['contain', 'service/cart', ...ISOLATE], /not a kind that can be contained/],
      [['release', '../x', '--reason', 'r'], /incident/],
      [['halt', '--reason', ' '], /nothing was asked for: reason: must not be empty[.]$/m],
      [['approve', 'i-0000000000a1-1', '--plan', 'latest', '--reason', 'r'], /plan: not the hash of a plan[.]$/m],
    ];
    for (const [argv, sentence] of wrong) {
      const { code, err, published } = await run(argv);
      assert.deepEqual([code, published], [2, []], argv.join(' '));
      assert.match(err, sentence);
      assert.equal(err.split('\n').length, 2);
    }
  });

  it('does not contain a whole incident for somebody who names one UID or place', async () => {
    for (const [flag, value] of [
      ['--uid', '3f2a9c1d-0000-4000-8000-000000000000'],
      ['--namespace', 'shop'],
      ['--cluster', 'c1'],
      ['--location', 'europe-west1'],
    ] as const) {
      const { code, err, published } = await run(['contain', 'i-0000000000a1-1', flag, value, ...ISOLATE]);
      assert.deepEqual([code, published], [2, []], flag);
      assert.match(
        err,
        new RegExp(`i-0000000000a1-1 stands for all that it holds: leave out ${flag}, or name a target`),
      );
    }
  });

  it('says that there is no such incident before anything is published', async () => {
    const { code, err, published } = await run(['contain', 'cart-7d9f', ...ISOLATE]);
    assert.deepEqual([code, published], [1, []]);
    assert.match(err, /^[^\n]*there is no incident cart-7d9f: .*such as pod\/cart-7d9f\.\n$/);
  });

  it('tells a person on a terminal what to do next, and a script nothing', async () => {
    const argv = ['release', 'i-0000000000a1-1', '--reason', 'r'];
    const terminal = { isTTY: true };
    assert.match((await run(argv, fakeDeployment(), terminal)).err, /^published, and not answered yet: add --wait/);
    const to = answering('accepted', 'i-0000000000a1-1 is being released');
    const { err } = await run([...argv, '--wait'], to, terminal);
    assert.equal(err, 'see how it goes: firebreak incidents i-0000000000a1-1 --watch\n');
    assert.equal((await run(argv)).err, '');
    assert.equal((await run([...argv, '--json'], fakeDeployment(), terminal)).err, '');
  });

  it('requires --as if the session has no user', async () => {
    const { code, err } = await run(['halt', '--reason', 'r'], fakeDeployment(), { env: {} });
    assert.equal(code, 2);
    assert.match(err, /add --as/);
  });

  const answering = (state: 'accepted' | 'refused', outcome: string) =>
    fakeDeployment(async ({ body }, stores) => {
      const { idToken: _, ...kept } = request.parse(body);
      const id = kept.id ?? '';
      const stamps = { publishedAt: timeOf(NOW), firstSeenAt: timeOf(NOW) };
      await stores.requests.put(
        id,
        { v: 1, rev: 0, writer: '', id, request: kept, ...stamps, state, outcome, incident: 'i-0000000000a1-1' },
        null,
      );
    });

  it('waits for the outcome and prints it', async () => {
    const { code, out } = await run(
      ['release', 'i-0000000000a1-1', '--reason', 'r', '--wait'],
      answering('accepted', 'i-0000000000a1-1 is being released'),
    );
    assert.equal(code, 0);
    assert.match(out, /^\S+ accepted: i-0000000000a1-1 is being released \(incident i-0000000000a1-1\)\n$/);
  });

  it('exits 1 if the request was refused, and strips control characters from the outcome', async () => {
    const { code, out } = await run(
      ['release', 'i-0000000000a1-1', '--reason', 'r', '--wait'],
      answering('refused', 'too late\u001b[2J\nok'),
    );
    assert.equal(code, 1);
    assert.match(out, /refused: too late/);
    assert.doesNotMatch(out, /\u001b|\nok/);
  });

  it('stops waiting after the timeout, and reports that the request was published', async () => {
    const { code, err, published } = await run(['halt', '--reason', 'r', '--wait', '--timeout', '0.01']);
    assert.deepEqual([code, published.length], [1, 1]);
    assert.match(err, /is published, but had no outcome after 0.01 s/);
  });
});
