import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { contextOf, type Hold } from '../../../shared/containment/context.ts';
import type { HostPlace } from '../../../shared/containment/hosts.ts';
import { leaseOf } from '../../../shared/containment/ledger.ts';
import { Stopped, WouldSend } from '../../../shared/containment/stopped.ts';
import { coverOf, subjectsOf } from '../../../shared/decision/step-subjects.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Host } from '../../../shared/model/host.ts';
import { changesOf, containmentKit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';

const HOLD: Hold = { token: 't-1', goalRev: 1, dry: false, gated: false };
const PLACE: HostPlace = { id: 'vm-1', node: 'n' };

/** A leased incident on one pod, with a leased host, and contexts for it that patch a ConfigMap. */
const opened = async () => {
  const kit = containmentKit();
  const { stores } = kit.ports;
  const pod = podNamed(kit, 'shop', 'cart');
  const blank = await openIncident(kit, 'i-1', [await subjectOf(kit, pod)], 'quarantine');
  const lease = leaseOf(kit.clock, 'contain-1', HOLD.token);
  const incident = await stores.incidents.put('i-1', { ...blank, lease }, blank.rev);
  const host: Host = { v: 1, rev: 0, writer: '', id: 'vm-1', instance: 'vm-1', node: 'n', holders: [], journal: [] };
  await stores.hosts.put('vm-1', { ...host, lease }, null);
  const [subject = assert.fail()] = subjectsOf(incident, 'pod');
  const contextIn = (hold: Partial<Hold> = {}, place?: HostPlace) =>
    contextOf(kit.ports, incident, subject, { ...HOLD, ...hold }, place, () => []);
  const { name, namespace, uid } = pod.metadata;
  const labels = { metadata: { uid, labels: { probe: 'seen' } } };
  const ref = { apiVersion: 'v1', kind: 'Pod', name, ...(namespace === undefined ? {} : { namespace }) };
  return {
    ...{ kit, stores, incident, subject, contextIn },
    sends: (hold: Partial<Hold> = {}, place?: HostPlace) =>
      kit.clock.drive(contextIn(hold, place).write.patch(ref, { type: 'merge', body: labels })),
  };
};

const entryOf = (given: Partial<Entry>): Entry => ({
  ...{ step: 'cordon-node', subject: 'n', uid: 'u-1', state: 'applied', startedAt: '2026-03-02T03:00:00.000Z' },
  ...{ proof: 'proven', rev: 1, ...given },
});

describe('the context of a step', () => {
  it('sends a change that nothing stands against, once what was noted is stored', async () => {
    const { kit, sends } = await opened();
    let before: string[] | undefined;
    const written = async (): Promise<void> => {
      await kit.clock.sleep(10);
      before = changesOf(kit);
    };
    await sends({ written, allows: () => true }, PLACE);
    assert.deepEqual(before, [], 'the change was sent before what was noted was stored');
    assert.match(changesOf(kit).join(), /^patch Pod shop\/cart-\S+ metadata.labels.probe/);
  });

  it('sends nothing if another subject joined, the policy allows less, or another run has the incident or host', async () => {
    const { kit, stores, incident, sends } = await opened();
    await assert.rejects(sends({ covers: `${coverOf(incident)} and more` }), Stopped);
    await assert.rejects(sends({ allows: () => false }), Stopped);
    await assert.rejects(sends({ token: 't-2' }), Stopped);
    await assert.rejects(sends({ goalRev: 2 }), Stopped);
    const unstored = () => Promise.reject(new Transient('it could not be written'));
    await assert.rejects(sends({ written: unstored }), Transient);
    const host = (await stores.hosts.get('vm-1')) ?? assert.fail();
    await stores.hosts.put('vm-1', { ...host, lease: leaseOf(kit.clock, 'contain-2', 't-2') }, host.rev);
    await assert.rejects(sends({}, PLACE), Stopped);
    assert.deepEqual(changesOf(kit), []);
  });

  it('names what a dry run would have changed, in the cluster, at its VMs and in the evidence, and sends nothing', async () => {
    const { kit, contextIn, sends } = await opened();
    await assert.rejects(sends({ dry: true }), WouldSend);
    const { computeWrite, evidence, sendsSoon } = contextIn({
      dry: true,
      written: () => assert.fail('a dry run sends nothing soon'),
    });
    sendsSoon();
    const vm = { project: 'p1', zone: 'z', id: '1' };
    await assert.rejects(computeWrite.deleteInstance({ vm, requestId: 'r' }), WouldSend);
    await assert.rejects(evidence.put('incidents/i-1/a', Buffer.from('a')), WouldSend);
    assert.deepEqual([changesOf(kit), await kit.ports.evidence.list('incidents/')], [[], []]);
  });

  it('counts as holders of a pod all incidents but those that are released or closed', async () => {
    const { kit, stores, incident, contextIn } = await opened();
    const { id: _, ...other } = incident;
    for (const state of ['open', 'contained', 'failed', 'released', 'closed'] as const)
      await stores.incidents.put(state, { ...other, id: state, rev: 0, state }, null);
    const incidents = ['open', 'contained', 'failed', 'released', 'closed', 'unwritten'];
    await stores.subjects.put('pod-9', { v: 1, rev: 0, writer: '', incidents }, null);
    const { holdersOf } = contextIn();
    assert.deepEqual(await holdersOf('pod-9'), ['open', 'contained', 'failed', 'unwritten']);
    assert.deepEqual(await holdersOf('pod-8'), []);
    assert.deepEqual(changesOf(kit), []);
  });

  it('finds the image that a mark names: of the same step on the same subject, or of the step on a host', async () => {
    const { stores, incident, subject, contextIn } = await opened();
    const journal = [
      entryOf({ uid: 'another', before: { was: 'on another' } }),
      entryOf({ uid: subject.uid, step: 'quarantine-pod', before: { was: 'another step' } }),
      entryOf({ uid: subject.uid, before: { was: 'this' } }),
    ];
    await stores.incidents.put('i-2', { ...incident, id: 'i-2', journal }, null);
    const host = (await stores.hosts.get('vm-1')) ?? assert.fail();
    const onHost = [
      entryOf({ step: 'deny-node-network', before: { was: 'another step' } }),
      entryOf({ before: { was: 'on the host' } }),
    ];
    await stores.hosts.put('vm-1', { ...host, journal: onHost }, host.rev);
    const { imageOf } = contextIn();
    assert.deepEqual(await imageOf('cordon-node', 'i-2'), { was: 'this' });
    assert.deepEqual(await imageOf('cordon-node', 'vm-1'), { was: 'on the host' });
    assert.equal(await imageOf('drain-node', 'i-2'), undefined);
    assert.equal(await imageOf('cordon-node', 'i-9'), undefined);
    assert.equal(await imageOf('cordon-node', undefined), undefined);
  });

  it('looks up no mark that cannot be the id of a document, whoever wrote it into the world', async () => {
    const { kit, incident, subject } = await opened();
    const asked: string[] = [];
    const get = async (id: string): Promise<undefined> => void asked.push(id);
    const { stores } = kit.ports;
    const ports = {
      ...kit.ports,
      stores: { ...stores, incidents: { ...stores.incidents, get }, hosts: { ...stores.hosts, get } },
    };
    const { imageOf } = contextOf(ports, incident, subject, HOLD, undefined, () => []);
    for (const mark of ['', '../halts/halt', 'i-1/x', 'I-1', 'i 1', 'i-1\n', 'i'.repeat(81)])
      assert.equal(await imageOf('cordon-node', mark), undefined);
    assert.deepEqual(asked, []);
    await imageOf('cordon-node', 'i'.repeat(80));
    assert.equal(asked.length, 2);
  });

  it('marks its changes with the shared document where there is one, and cannot be made without a cluster', async () => {
    const { kit, incident, subject, contextIn } = await opened();
    assert.deepEqual([contextIn().mark, contextIn({}, PLACE).mark], ['i-1', 'vm-1']);
    const nowhere = { ...incident, target: { project: 'p1' } };
    assert.throws(
      () => contextOf(kit.ports, nowhere, subject, HOLD, undefined, () => []),
      (thrown: Error) => {
        assert.ok(thrown instanceof Malformed);
        return /^incident i-1 names no cluster: nothing in it can be changed$/.test(thrown.message);
      },
    );
  });
});
