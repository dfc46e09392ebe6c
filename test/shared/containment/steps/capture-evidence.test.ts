import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { SHOP_NODES } from '../../../../local/world/seed.ts';
import { run } from '../../../../shared/containment/run.ts';
import { captureEvidence } from '../../../../shared/containment/steps/capture-evidence.ts';
import { Denied } from '../../../../shared/errors.ts';
import { timeOf } from '../../../../shared/model/time.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  containmentKit,
  incidentOf,
  type Kit,
  nodeSubjectOf,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../../kit/containment.ts';
import { addNetworkPolicy, carry, releaseStep, STEP_INCIDENT } from '../../../kit/step.ts';

/** No pod has owners of all kinds. The step asks for each of them, wherever it stands in the chain. */
const OF_EVERY_KIND = [
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'StatefulSet'],
  ['batch/v1', 'CronJob'],
  ['batch/v1', 'Job'],
  ['v1', 'ReplicationController'],
].map(([apiVersion = '', kind = ''], n) => ({
  apiVersion,
  kind,
  name: 'cart',
  uid: `0f0f0f0f-0000-4000-8000-00000000000${n}`,
}));

/** A node that the first pod of the cart is not on. */
const bareNodeIn = async (kit: Kit): Promise<string> => {
  const { host } = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  return SHOP_NODES['europe-west1-c'].find((node) => node !== host?.node) ?? assert.fail();
};

stepContract({
  step: captureEvidence,
  parts: ['objects', 'logs'],
  arrange: async (kit) => [
    await subjectOf(kit, podNamed(kit, 'shop', 'cart')),
    await nodeSubjectOf(kit, await bareNodeIn(kit)),
  ],
  also: [
    async (kit) => {
      addNetworkPolicy(kit);
      return [await subjectOf(kit, podNamed(kit, 'shop', 'cart'), { owners: OF_EVERY_KIND })];
    },
  ],
  stranger: { because: 'evidence is never overwritten' },
  madeAgain: { state: 'applied', because: 'what is there is kept as it is; the pod is named as missing' },
  denied: { state: 'applied', because: 'trouble with evidence never holds up containment' },
});

const kept = async (change: (kit: Kit) => Kit = (kit) => kit) => {
  const kit = change(containmentKit());
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, STEP_INCIDENT, [subject], 'snapshot');
  const began = kit.clock.now();
  const [carried] = await carry(kit, captureEvidence, 'objects');
  const text = async (name: string): Promise<string> => {
    const body = await kit.ports.evidence.get(`incidents/${STEP_INCIDENT}/${subject.uid}/objects/${name}`);
    return new TextDecoder().decode(body ?? assert.fail(`no ${name}`));
  };
  return { kit, entry: carried?.entry ?? assert.fail(), tookMs: kit.clock.now() - began, text };
};

/** What is kept of a node that no pod of the incident is on, and how it ended. */
const keptOfNode = async (change: (kit: Kit) => Kit = (kit) => kit) => {
  const kit = change(containmentKit());
  const node = await bareNodeIn(kit);
  const subject = await nodeSubjectOf(kit, node);
  await openIncident(kit, STEP_INCIDENT, [subject], 'snapshot');
  const began = kit.clock.now();
  const [carried] = await carry(kit, captureEvidence, 'objects');
  assert.deepEqual(await carry(kit, captureEvidence, 'logs'), []);
  const folder = `incidents/${STEP_INCIDENT}/${subject.uid}/objects/`;
  const json = async (name: string) => {
    const body = await kit.ports.evidence.get(`${folder}${name}`);
    return JSON.parse(new TextDecoder().decode(body ?? assert.fail(`no ${name}`)));
  };
  const names = (await kit.ports.evidence.list(folder)).map((key) => key.slice(folder.length));
  return { kit, node, subject, entry: carried?.entry ?? assert.fail(), json, names, tookMs: kit.clock.now() - began };
};

describe('evidence of a node that no pod of the incident is on', () => {
  it('is the Node, its VM without secrets, firewalls, events, pods, and what stays valid', async () => {
    const { kit, node, entry, json, names } = await keptOfNode((one) => {
      const events = [
        { name: 'of-it', involvedObject: { kind: 'Node', name: SHOP_NODES['europe-west1-c'][0] } },
        { name: 'of-it-too', involvedObject: { kind: 'Node', name: SHOP_NODES['europe-west1-c'][1] } },
        { name: 'of-a-pod', involvedObject: { kind: 'Pod', name: SHOP_NODES['europe-west1-c'][0] } },
      ];
      for (const { name, involvedObject } of events)
        one.cluster.apply({
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name, namespace: 'default' },
          involvedObject,
          reason: 'Rebooted',
        });
      return one;
    });
    assert.deepEqual([entry.state, entry.proof, entry.because], ['applied', 'proven', '6 exhibits kept']);
    assert.deepEqual(names, [
      'effective-firewalls.json',
      'events.json',
      'instance.json',
      'manifest.json',
      'node.json',
      'pods.json',
      'what-stays-valid.json',
    ]);
    assert.equal((await json('node.json')).metadata.name, node);
    assert.match((await json('instance.json')).metadata.items['kube-env'], /^redacted, sha256:/);
    assert.deepEqual(Object.keys(await json('effective-firewalls.json')), ['nic0']);
    const events = await json('events.json');
    assert.deepEqual(
      events.map((event: { involvedObject: unknown }) => event.involvedObject),
      [{ kind: 'Node', name: node }],
    );
    const there = kit.cluster.list('v1', 'Pod').filter(({ spec }) => spec?.nodeName === node);
    const { pods, more } = await json('pods.json');
    assert.deepEqual([pods.length, more], [there.length, 0]);
    const [first = assert.fail()] = there;
    const listed = pods.find(({ uid }: { uid: string }) => uid === first.metadata.uid);
    assert.deepEqual([listed.namespace, listed.name], [first.metadata.namespace, first.metadata.name]);
    assert.ok(listed.images.length > 0 && pods.some(({ owners }: { owners: unknown[] }) => owners.length > 0));
    const { node: identities, revoke } = await json('what-stays-valid.json');
    const email = 'c1-nodes@p1.iam.gserviceaccount.com';
    assert.deepEqual(identities, [{ email, scopes: ['https://www.googleapis.com/auth/cloud-platform'] }]);
    assert.deepEqual(entry.revoke, revoke);
    assert.deepEqual(
      entry.revoke?.map(({ command }) => command),
      [`gcloud iam service-accounts disable ${email} --project=p1`],
    );
  });

  it('waits at most 5 s, and names what did not answer', async () => {
    const { entry, tookMs } = await keptOfNode((kit) => {
      const { compute } = kit.ports;
      // The subject is resolved before the step begins.
      const isResolved = async (): Promise<boolean> =>
        (await kit.ports.stores.incidents.get(STEP_INCIDENT)) !== undefined;
      const instance: typeof compute.instance = async (vm) =>
        (await isResolved()) ? new Promise<never>(() => undefined) : compute.instance(vm);
      return { ...kit, ports: { ...kit.ports, compute: { ...compute, instance } } };
    });
    assert.deepEqual([entry.state, entry.proof, entry.revoke], ['applied', 'proven', undefined]);
    for (const name of ['instance.json', 'effective-firewalls.json', 'what-stays-valid.json'])
      assert.ok(entry.because?.includes(`${name} (not read in time)`), entry.because);
    assert.ok(tookMs <= 5_000, `${tookMs} ms`);
  });

  it('is nothing of another machine that has the name by now', async () => {
    const kit = containmentKit();
    const subject = await nodeSubjectOf(kit, await bareNodeIn(kit));
    const host = { ...subject.host, id: '1234567890123456789', nodeUid: '0f0f0f0f-1111-4222-8333-444455556666' };
    await openIncident(kit, STEP_INCIDENT, [{ ...subject, uid: host.id, host }], 'snapshot');
    const [carried] = await carry(kit, captureEvidence, 'objects');
    for (const name of ['node.json', 'instance.json', 'effective-firewalls.json', 'pods.json'])
      assert.ok(carried?.entry.because?.includes(`${name} (does not exist)`), carried?.entry.because);
    const body = await kit.ports.evidence.get(`incidents/${STEP_INCIDENT}/${host.id}/objects/what-stays-valid.json`);
    const valid = JSON.parse(new TextDecoder().decode(body));
    assert.deepEqual([valid.node, valid.revoke], [[], []]);
    assert.match(valid.unread.join(), /is gone, or another VM now has its name/);
  });

  it('says of a node of Autopilot that its VM cannot be reached', async () => {
    const kit = containmentKit();
    const { project: _, zone: __, instance: ___, ...host } = (await nodeSubjectOf(kit, await bareNodeIn(kit))).host;
    const subject = { kind: 'node' as const, uid: host.id, host, addedAt: timeOf(kit.clock.now()) };
    await openIncident(kit, STEP_INCIDENT, [subject], 'snapshot');
    const [carried] = await carry(kit, captureEvidence, 'objects');
    assert.equal(carried?.entry.because, '4 exhibits kept');
    const body = await kit.ports.evidence.get(`incidents/${STEP_INCIDENT}/${host.id}/objects/what-stays-valid.json`);
    assert.match(new TextDecoder().decode(body), /Autopilot manages the VM/);
  });

  it('stays where a pod on it joins, whose parts come beside it', async () => {
    const kit = containmentKit();
    const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const { host = assert.fail() } = pod;
    const node = await nodeSubjectOf(kit, host.node);
    await openIncident(kit, STEP_INCIDENT, [node], 'snapshot');
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    const { incidents } = kit.ports.stores;
    const first = await incidentOf(kit, STEP_INCIDENT);
    await incidents.put(first.id, { ...first, subjects: [node, pod] }, first.rev);
    await setGoal(kit, STEP_INCIDENT, 'quarantine');
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    const { journal } = await incidentOf(kit, STEP_INCIDENT);
    assert.deepEqual(
      journal.filter(({ step }) => step === 'capture-evidence').map(({ subject, state }) => [subject, state]),
      [
        [`${host.node}#objects`, 'applied'],
        [`shop/${pod.name}#objects`, 'applied'],
        [`shop/${pod.name}#logs`, 'applied'],
      ],
    );
    const commands = journal.flatMap((e) => (e.revoke ?? []).map(({ command }) => command));
    assert.equal(new Set(commands).size, commands.length, 'the identity of the node is told once');
    const released = await releaseStep(kit, captureEvidence);
    assert.deepEqual(
      released.map(({ state }) => state),
      ['applied', 'applied', 'applied'],
    );
  });
});

describe('containment/steps/capture-evidence', () => {
  it('keeps the VM with every key of its metadata, with secret values redacted', async () => {
    const { text } = await kept();
    const vm = JSON.parse(await text('instance.json'));
    assert.equal(vm.metadata.items['cluster-name'], 'c1');
    assert.match(vm.metadata.items['kube-env'], /^redacted, sha256:[0-9a-f]{64}$/);
    assert.equal((await text('instance.json')).includes('not-for-evidence'), false);
  });

  it('keeps the firewall rules in force on each interface', async () => {
    const { text } = await kept((kit) => {
      kit.world.compute.addFirewall({
        project: 'p1',
        name: 'allow-web',
        allowed: [{ IPProtocol: 'tcp', ports: ['443'] }],
      });
      return kit;
    });
    assert.deepEqual(
      JSON.parse(await text('effective-firewalls.json')).nic0.map((rule: { name: string }) => rule.name),
      ['allow-web'],
    );
  });

  it('lists the identities that stay valid after containment, with the command that revokes each', async () => {
    const { text } = await kept();
    const valid = JSON.parse(await text('what-stays-valid.json'));
    assert.equal(valid.serviceAccount, 'shop/cart');
    assert.equal(valid.googleServiceAccount, 'cart@p1.iam.gserviceaccount.com');
    assert.deepEqual(valid.bindings, [{ kind: 'RoleBinding', name: 'cart-reader' }]);
    assert.deepEqual(valid.secrets, [{ name: 'cart-db', by: ['env DB_PASSWORD'] }]);
    assert.deepEqual(valid.node, [
      { email: 'c1-nodes@p1.iam.gserviceaccount.com', scopes: ['https://www.googleapis.com/auth/cloud-platform'] },
    ]);
    assert.deepEqual(valid.unread, []);
    assert.ok(valid.revoke.length >= 6);
    for (const { command, ends } of valid.revoke) assert.ok(/^(kubectl|gcloud) /.test(command) && ends.length > 10);
  });

  it('puts the same revoking commands into the journal', async () => {
    const { entry, text } = await kept();
    const { revoke } = JSON.parse(await text('what-stays-valid.json'));
    assert.deepEqual(entry.revoke, revoke);
    assert.ok(entry.revoke?.some(({ command }) => command.endsWith(' -n shop delete serviceaccount cart')));
  });

  it('lists each identity once that several pods of an incident share', async () => {
    const kit = containmentKit();
    const pods = kit.cluster.list('v1', 'Pod').filter(({ metadata }) => metadata.name.startsWith('cart-'));
    const subjects = await Promise.all(pods.map((pod) => subjectOf(kit, pod)));
    await openIncident(kit, 'i-1', subjects, 'snapshot');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const commands = (await incidentOf(kit, 'i-1')).journal.flatMap((e) => (e.revoke ?? []).map((r) => r.command));
    assert.ok(commands.length >= 6 && pods.length > 1);
    assert.equal(new Set(commands).size, commands.length);
  });

  it('keeps only the name of a Secret, and none of its content', async () => {
    const { kit } = await kept();
    for (const key of await kit.ports.evidence.list('incidents/')) {
      const body = new TextDecoder().decode((await kit.ports.evidence.get(key)) ?? assert.fail());
      assert.equal(body.includes('bm90LWZvci1ldmlkZW5jZQ=='), false, key);
    }
  });

  it('writes a manifest with the hash of each exhibit as stored', async () => {
    const { text } = await kept();
    const manifest = JSON.parse(await text('manifest.json'));
    assert.ok(manifest.kept.length >= 9);
    for (const { name, sha256 } of manifest.kept) {
      const digest = createHash('sha256')
        .update(await text(name))
        .digest('hex');
      assert.equal(digest, sha256, name);
    }
  });

  it('waits at most 5 s for an API that does not answer, and names what is missing', async () => {
    const { entry, tookMs } = await kept((kit) => {
      const { compute } = kit.ports;
      const never = () => new Promise<never>(() => undefined);
      return { ...kit, ports: { ...kit.ports, compute: { ...compute, effectiveFirewalls: never } } };
    });
    assert.equal(entry.state, 'applied');
    assert.match(entry.because ?? '', /not kept: effective-firewalls.json \(not read in time\)/);
    assert.equal(entry.proof, 'proven', 'the others are kept');
    assert.ok(tookMs <= 5_000, `${tookMs} ms`);
  });

  it('reads together with the logs what was not read in time with the objects, and nothing else', async () => {
    const kit = containmentKit();
    const { compute, evidence } = kit.ports;
    let isSilent = true;
    const effectiveFirewalls: typeof compute.effectiveFirewalls = (...given) =>
      isSilent ? new Promise<never>(() => undefined) : compute.effectiveFirewalls(...given);
    const slow: Kit = { ...kit, ports: { ...kit.ports, compute: { ...compute, effectiveFirewalls } } };
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'snapshot');
    await carry(slow, captureEvidence, 'objects');
    isSilent = false;
    const [logs] = await carry(slow, captureEvidence, 'logs');
    assert.equal(logs?.entry.because, '2 exhibits kept; read late: effective-firewalls.json');
    const folder = `incidents/${STEP_INCIDENT}/${subject.uid}/logs/`;
    assert.deepEqual(await evidence.list(folder), [
      `${folder}cart.log`,
      `${folder}effective-firewalls.json`,
      `${folder}manifest.json`,
    ]);
  });

  it('reads together with the logs what the quota refused with the objects, but not what is denied', async () => {
    for (const [reason, isRead] of [
      ['rateLimitExceeded', true],
      ['forbidden', false],
    ] as const) {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      await openIncident(kit, STEP_INCIDENT, [subject], 'snapshot');
      const { compute } = kit.world;
      compute.script({ kind: 'refuse', method: 'Instances.GetEffectiveFirewalls', status: 403, reason, times: 1 });
      const [objects] = await carry(kit, captureEvidence, 'objects');
      assert.match(objects?.entry.because ?? '', new RegExp(`not kept: effective-firewalls.json \\(.*${reason}`));
      const [logs] = await carry(kit, captureEvidence, 'logs');
      const read = isRead ? '2 exhibits kept; read late: effective-firewalls.json' : '1 exhibit kept';
      assert.equal(logs?.entry.because, read);
    }
  });

  it('reads what the identity of a pod may do together with the logs, where the pod itself was not read in time', async () => {
    const kit = containmentKit();
    const { clusters, evidence } = kit.ports;
    let isSilent = true;
    const reader: typeof clusters.reader = (cluster) => ({
      ...clusters.reader(cluster),
      get: (of) =>
        isSilent && of.kind === 'Pod' ? new Promise<never>(() => undefined) : clusters.reader(cluster).get(of),
    });
    const slow: Kit = { ...kit, ports: { ...kit.ports, clusters: { ...clusters, reader } } };
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'snapshot');
    const [objects] = await carry(slow, captureEvidence, 'objects');
    assert.equal(objects?.entry.revoke, undefined);
    isSilent = false;
    const [logs] = await carry(slow, captureEvidence, 'logs');
    assert.ok((logs?.entry.revoke ?? []).length > 0);
    const folder = `incidents/${STEP_INCIDENT}/${subject.uid}/logs/`;
    const names = (await evidence.list(folder)).map((key) => key.slice(folder.length));
    for (const name of ['pod.json', 'service-account.json', 'bindings.json', 'what-stays-valid.json', 'cart.log'])
      assert.ok(names.includes(name), `${name} is not in ${names.join()}`);
  });

  it('does not take a late object for a log that could not be kept', async () => {
    const kit = containmentKit();
    const { clusters, compute } = kit.ports;
    let isSilent = true;
    const effectiveFirewalls: typeof compute.effectiveFirewalls = (...given) =>
      isSilent ? new Promise<never>(() => undefined) : compute.effectiveFirewalls(...given);
    const reader: typeof clusters.reader = (cluster) => ({
      ...clusters.reader(cluster),
      log: () => Promise.reject(new Denied('pods/log is forbidden')),
    });
    const ports = { ...kit.ports, compute: { ...compute, effectiveFirewalls }, clusters: { ...clusters, reader } };
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'snapshot');
    await carry({ ...kit, ports }, captureEvidence, 'objects');
    isSilent = false;
    const [logs] = await carry({ ...kit, ports }, captureEvidence, 'logs');
    assert.deepEqual([logs?.entry.state, logs?.entry.proof], ['applied', 'not proven']);
  });

  it('does not say that a pod does not exist where nobody let it look, or it had no answer', async () => {
    const refusing = (kit: Kit, get: () => Promise<never>): Kit => {
      const { clusters } = kit.ports;
      const reader: typeof clusters.reader = (cluster) => ({
        ...clusters.reader(cluster),
        get: (of) => (of.kind === 'Pod' ? get() : clusters.reader(cluster).get(of)),
      });
      return { ...kit, ports: { ...kit.ports, clusters: { ...clusters, reader } } };
    };
    const denied = await kept((kit) => refusing(kit, () => Promise.reject(new Denied('pods is forbidden'))));
    assert.match(denied.entry.because ?? '', /not kept: pod.json \(pods is forbidden\)/);
    const silent = await kept((kit) => refusing(kit, () => new Promise<never>(() => undefined)));
    assert.match(silent.entry.because ?? '', /not kept: pod.json \(not read in time\)/);
    assert.ok(silent.tookMs <= 5_000, `${silent.tookMs} ms`);
  });

  it('does not stop where what an earlier run kept about rights cannot be read', async () => {
    const { entry } = await kept((kit) => {
      const { evidence } = kit.ports;
      const get: typeof evidence.get = async (key) =>
        key.endsWith('/what-stays-valid.json') ? new TextEncoder().encode('{"revoke":') : evidence.get(key);
      return { ...kit, ports: { ...kit.ports, evidence: { ...evidence, get } } };
    });
    assert.deepEqual([entry.state, entry.proof, entry.revoke], ['applied', 'proven', undefined]);
  });

  it('keeps no more than the first events where somebody wrote very many, and says so in the exhibit', async () => {
    const { text } = await kept((kit) => {
      const uid = podNamed(kit, 'shop', 'cart').metadata.uid;
      for (let n = 0; n < 200; n += 1)
        kit.cluster.apply({
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name: `e${n}`, namespace: 'shop', annotations: { a: 'x'.repeat(100_000) } },
          involvedObject: { kind: 'Pod', uid },
        });
      return kit;
    });
    const events = JSON.parse(await text('events.json'));
    assert.ok(events.length > 50 && events.length < 200, String(events.length));
    assert.deepEqual(events.at(-1), { leftOut: 'there are more events than the first 8 MiB' });
  });

  it('holds only two logs in memory at once, however many containers a pod has', async () => {
    const kit = containmentKit();
    const { clusters, evidence } = kit.ports;
    const names = Array.from({ length: 20 }, (_, n) => `c${n}`);
    let held = 0;
    let most = 0;
    const reader: typeof clusters.reader = (cluster) => ({
      ...clusters.reader(cluster),
      get: async (of) => {
        const found = await clusters.reader(cluster).get(of);
        const containers = names.map((name) => ({ name, image: 'i' }));
        return found === undefined || of.kind !== 'Pod' ? found : { ...found, spec: { ...found.spec, containers } };
      },
      log: async () => {
        held += 1;
        most = Math.max(most, held);
        await setImmediate();
        return 'a line\n';
      },
    });
    const put: typeof evidence.put = async (key, body) => {
      await setImmediate();
      const kept = await evidence.put(key, body);
      if (key.endsWith('.log')) held -= 1;
      return kept;
    };
    const ports = { ...kit.ports, clusters: { ...clusters, reader }, evidence: { ...evidence, put } };
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'snapshot');
    const [logs] = await carry({ ...kit, ports }, captureEvidence, 'logs');
    assert.equal(logs?.entry.because, '20 exhibits kept');
    assert.equal(most, 2);
  });

  it('keeps the newest lines of a log that is longer than what the server gives, and says nothing of them otherwise', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const [place] = [...kit.cluster.reality.logs.keys()].filter((key) => key.startsWith(`shop/${subject.name}/`));
    const lines = Array.from({ length: 100_000 }, (_, n) => `line ${n} ${'x'.repeat(90)}\n`);
    kit.cluster.reality.logs.set(place ?? assert.fail(), lines.join(''));
    await openIncident(kit, STEP_INCIDENT, [subject], 'snapshot');
    const [carried] = await carry(kit, captureEvidence, 'logs');
    assert.equal(carried?.entry.because, '2 exhibits kept');
    const text = async (name: string): Promise<string> => {
      const body = await kit.ports.evidence.get(`incidents/${STEP_INCIDENT}/${subject.uid}/logs/${name}`);
      return new TextDecoder().decode(body ?? assert.fail(`no ${name}`));
    };
    assert.ok((await text('cart.log')).startsWith('line 0 '));
    assert.equal((await text('cart.log')).includes('line 99999 '), false);
    assert.ok((await text('cart.newest.log')).trimEnd().split('\n').at(-1)?.startsWith('line 99999 '));
  });

  it('is not proven where the manifest is not what was written', async () => {
    const { entry } = await kept((kit) => {
      const { evidence } = kit.ports;
      const get: typeof evidence.get = async (key) =>
        key.endsWith('/manifest.json') ? new TextEncoder().encode('{"kept":') : evidence.get(key);
      return { ...kit, ports: { ...kit.ports, evidence: { ...evidence, get } } };
    });
    assert.deepEqual([entry.state, entry.proof], ['applied', 'not proven']);
    assert.match(entry.because ?? '', /the manifest could not be read back$/);
  });

  it('is not proven where nothing at all could be kept', async () => {
    const { entry } = await kept((kit) => {
      const { evidence } = kit.ports;
      const put: typeof evidence.put = (key, body) =>
        key.endsWith('/manifest.json') ? evidence.put(key, body) : new Promise<never>(() => undefined);
      return { ...kit, ports: { ...kit.ports, evidence: { ...evidence, put } } };
    });
    assert.deepEqual([entry.state, entry.proof], ['applied', 'not proven']);
    assert.match(entry.because ?? '', /^0 exhibits kept; not kept: pod.json .*; none of it could be kept$/);
  });

  it('waits no longer for a pod or a bucket that does not answer, and says what is missing', async () => {
    const never = () => new Promise<never>(() => undefined);
    const silent = (kit: Kit): Kit => {
      const { clusters } = kit.ports;
      const reader: typeof clusters.reader = (ref) => ({ ...clusters.reader(ref), get: never });
      return { ...kit, ports: { ...kit.ports, clusters: { ...clusters, reader } } };
    };
    const objects = await kept(silent);
    assert.equal(objects.entry.state, 'applied');
    assert.match(objects.entry.because ?? '', /not kept: pod.json/);
    assert.ok(objects.tookMs <= 10_000, `${objects.tookMs} ms`);

    const kit = silent(containmentKit());
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'snapshot');
    const began = kit.clock.now();
    const [logs] = await carry(kit, captureEvidence, 'logs');
    assert.match(logs?.entry.because ?? '', /^0 exhibits kept; not kept: logs \(the pod could not be read\)/);
    assert.ok(kit.clock.now() - began <= 35_000);

    const dumb = await kept((k) => ({
      ...k,
      ports: { ...k.ports, evidence: { ...k.ports.evidence, get: never, put: never } },
    }));
    assert.deepEqual([dumb.entry.state, dumb.entry.proof, dumb.entry.revoke], ['applied', 'not proven', undefined]);
    assert.match(dumb.entry.because ?? '', /manifest.json \(not read in time\); the manifest could not be read back/);
    assert.ok(dumb.tookMs <= 15_000, `${dumb.tookMs} ms`);
  });

  it('waits no longer for the logs of many pods that hang than for those of one, but for some seconds', async () => {
    const kit = containmentKit();
    const pods = kit.cluster.list('v1', 'Pod').filter(({ metadata }) => metadata.namespace === 'shop');
    assert.ok(pods.length >= 7);
    const { clusters } = kit.ports;
    const log = () => new Promise<never>(() => undefined);
    const reader: typeof clusters.reader = (ref) => ({ ...clusters.reader(ref), log });
    const seven = await Promise.all(pods.slice(0, 7).map((pod) => subjectOf(kit, pod)));
    await openIncident(kit, STEP_INCIDENT, seven, 'snapshot');
    const began = kit.clock.now();
    await kit.clock.drive(run({ ...kit.ports, clusters: { ...clusters, reader } }, STEP_INCIDENT));
    const { journal } = await incidentOf(kit, STEP_INCIDENT);
    const logs = journal.filter(({ subject }) => subject.endsWith('#logs'));
    assert.equal(logs.length, 7);
    for (const { because } of logs) assert.match(because ?? '', /not kept: \S+\.log \(not read in time\)/);
    const last = Math.max(...logs.map(({ endedAt }) => Date.parse(endedAt ?? '') - began));
    // Three of them take 30 s, and the four others 5 s, three at once.
    assert.ok(last <= 45_000, `${last} ms`);
  });

  it('keeps nothing of another pod that has the name by now', async () => {
    const kit = containmentKit();
    const pod = podNamed(kit, 'shop', 'cart');
    const uid = '0f0f0f0f-1111-4222-8333-444455556666';
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, pod, { uid })], 'snapshot');
    const [objects] = await carry(kit, captureEvidence, 'objects');
    assert.match(objects?.entry.because ?? '', /pod.json \(does not exist\)/);
    const [logs] = await carry(kit, captureEvidence, 'logs');
    assert.match(logs?.entry.because ?? '', /^0 exhibits kept; not kept: logs \(the pod could not be read\)/);
    const keys = await kit.ports.evidence.list(`incidents/${STEP_INCIDENT}/${uid}/`);
    assert.equal(
      keys.some((key) => /pod\.json|\.log/.test(key)),
      false,
      keys.join(),
    );
  });

  it('lists the rights that stay valid with the objects, and not again with the logs', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'snapshot');
    const [objects] = await carry(kit, captureEvidence, 'objects');
    const [logs] = await carry(kit, captureEvidence, 'logs');
    assert.ok((objects?.entry.revoke ?? []).length > 0);
    assert.equal(logs?.entry.revoke, undefined);
  });

  it('says that the manifest is missing where the bucket took all but that', async () => {
    const { entry } = await kept((kit) => {
      const { evidence } = kit.ports;
      const put: typeof evidence.put = (key, body) =>
        key.endsWith('manifest.json') ? Promise.reject(new Denied('not this one')) : evidence.put(key, body);
      return { ...kit, ports: { ...kit.ports, evidence: { ...evidence, put } } };
    });
    assert.match(entry.because ?? '', /exhibits kept; not kept: manifest.json \(.*not this one\)/);
    assert.equal(entry.proof, 'not proven');
  });
});
