import { strict as assert } from 'node:assert';
import type { RawInstance } from '../../../../local/world/compute/resources.ts';
import { partial } from '../../../../local/world/compute/state.ts';
import { SHOP_NETWORK } from '../../../../local/world/seed.ts';
import { investigationRule } from '../../../../shared/containment/investigation.ts';
import { run } from '../../../../shared/containment/run.ts';
import type { StepSettings } from '../../../../shared/containment/settings.ts';
import { denyNodeNetwork } from '../../../../shared/containment/steps/deny-node-network.ts';
import { openInvestigationAccess } from '../../../../shared/containment/steps/open-investigation-access.ts';
import { publishDue } from '../../../../shared/incidents.ts';
import type { PodSubject } from '../../../../shared/model/subject.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../../kit/containment.ts';
import { crashing } from '../../../kit/crash.ts';
import { dieAt, TICK_MS } from '../../../kit/deliveries.ts';
import { addNetworkPolicy, carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

stepContract({
  step: openInvestigationAccess,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => {
      addNetworkPolicy(kit);
      return [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))];
    },
  ],
  stranger: (kit) => {
    for (const [url, instance] of kit.world.compute.state.instances)
      if (instance.tags.items?.includes('firebreak-investigate') === true)
        kit.world.compute.stranger.setTags(url, ['gke-c1-node'], STRANGER);
  },
});

const END = 61 * 60_000;

const onNode = async (given: Partial<StepSettings['investigation']> = {}, extra: Partial<PodSubject> = {}) => {
  const plain = containmentKit();
  const { settings } = plain.ports;
  const investigation = { ...settings.investigation, ...given };
  const kit: Kit = { ...plain, ports: { ...plain.ports, settings: { ...settings, investigation } } };
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'), extra);
  await openIncident(kit, STEP_INCIDENT, [subject], 'isolate', { options: { investigate: true } });
  const { project, zone, instance } = subject.host ?? assert.fail('no host');
  const vm = () =>
    kit.world.compute.state.instances.get(`projects/${project}/zones/${zone}/instances/${instance}`) ?? assert.fail();
  return { kit, subject, vm };
};

const rules = (kit: Kit) =>
  [...kit.world.compute.state.firewalls.values()].filter((r) => r.name.startsWith('firebreak-investigate'));
const entryOf = async (kit: Kit, id = STEP_INCIDENT) =>
  (await incidentOf(kit, id)).journal.find((e) => e.step === 'open-investigation-access');
const metadataOf = (vm: RawInstance, key: string) => vm.metadata.items?.find((item) => item.key === key)?.value;

describe('containment/steps/open-investigation-access', () => {
  it('allows SSH from the proxy alone at priority 0, and records the command to type', async () => {
    const { kit, vm } = await onNode();
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.match(
      carried?.entry.because ?? '',
      /gcloud compute ssh gke-\S+ --project=p1 --zone=europe-west1-\w --tunnel-through-iap # until 2026-03-02T04:00/,
    );
    const [rule] = rules(kit);
    assert.equal(rule?.priority, 0);
    assert.deepEqual(rule?.allowed, [{ IPProtocol: 'tcp', ports: ['22'] }]);
    assert.deepEqual(rule?.sourceRanges, ['35.235.240.0/20']);
    assert.deepEqual(rule?.targetTags, ['firebreak-investigate']);
    assert.ok(vm().tags.items?.includes('gke-c1-node'));
  });

  it('is proven on a node that is cut', async () => {
    const { kit } = await onNode();
    await carry(kit, denyNodeNetwork);
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.equal(carried?.entry.proof, 'proven', carried?.entry.because);
  });

  for (const [name, from] of [
    ['the proxy', undefined],
    ['an intermediary', { tag: 'bastion' }],
  ] as const)
    it(`does not make a later cut doubtful for ${name}, but a wider rule of the same name does`, async () => {
      for (const ports of [['22'], ['22', '443']]) {
        const { kit } = await onNode(from === undefined ? {} : { from });
        await carry(kit, openInvestigationAccess);
        const rule = rules(kit)[0] ?? assert.fail();
        rule.allowed = [{ IPProtocol: 'tcp', ports }];
        const [cut] = await carry(kit, denyNodeNetwork);
        assert.equal(cut?.entry.proof, ports.length === 1 ? 'proven' : 'not proven', cut?.entry.because);
        if (ports.length > 1) assert.match(cut?.entry.because ?? '', new RegExp(`${rule.name} allows ingress`));
      }
    });

  it('allows VMs with the intermediary’s tag, and no range besides', async () => {
    const { kit } = await onNode({ from: { tag: 'bastion' } });
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.deepEqual(rules(kit)[0]?.sourceTags, ['bastion']);
    assert.equal(rules(kit)[0]?.sourceRanges, undefined);
    assert.match(carried?.entry.because ?? '', /--internal-ip # on a VM with the tag bastion, until 2026-/);
  });

  it('is closed once by the tick at its end time, whatever the goal', async () => {
    const { kit, vm } = await onNode();
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    const open = await incidentOf(kit, STEP_INCIDENT);
    assert.equal(open.state, 'contained');
    assert.equal(open.dueAt, (await entryOf(kit))?.until);
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    assert.ok(vm().tags.items?.includes('firebreak-investigate'), 'closed before its time');
    const woken = () => kit.published.filter((p) => p.topic === 'containment').length;
    await publishDue(kit.ports, await incidentOf(kit, STEP_INCIDENT));
    assert.equal(woken(), 0);
    await kit.clock.advance(END);
    await publishDue(kit.ports, await incidentOf(kit, STEP_INCIDENT));
    assert.equal(woken(), 1);
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    assert.equal(vm().tags.items?.includes('firebreak-investigate'), false);
    assert.ok(vm().tags.items?.includes('firebreak-quarantine'), 'the cut went with it');
    assert.deepEqual(rules(kit), []);
    const entry = await entryOf(kit);
    assert.equal(entry?.state, 'undone');
    assert.match(entry?.because ?? '', /its time limit passed; open sessions may continue/);
    const closed = await incidentOf(kit, STEP_INCIDENT);
    assert.equal(closed.dueAt, undefined);
    assert.ok(closed.outbox.some((n) => n.title === 'Taken back: its time limit passed'));
  });

  it('is closed once, at whichever call the closing process dies', async function () {
    this.timeout(120_000);
    const over = async () => {
      const opened = await onNode();
      await opened.kit.clock.drive(run(opened.kit.ports, STEP_INCIDENT));
      await opened.kit.clock.advance(END);
      return opened;
    };
    const twin = await over();
    const counted = crashing(twin.kit.ports);
    await twin.kit.clock.drive(run(counted.ports, STEP_INCIDENT));
    assert.ok(counted.calls() > 15, `only ${counted.calls()} calls`);
    for (let call = 1; call <= counted.calls(); call += 1) {
      const { kit, vm } = await over();
      await dieAt(kit, call);
      await kit.clock.advance(TICK_MS);
      await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
      const where = `died after call ${call} (${counted.names()[call - 1]})`;
      assert.equal(vm().tags.items?.includes('firebreak-investigate'), false, where);
      assert.deepEqual(rules(kit), [], where);
      assert.equal((await entryOf(kit))?.state, 'undone', where);
      const closings = changesOf(kit).filter((change) => change.startsWith('delete firewalls'));
      assert.equal(new Set(closings).size, closings.length, where);
    }
  });

  it('is not opened again by a later goal once its time is over', async () => {
    const { kit, vm } = await onNode();
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    await kit.clock.advance(END);
    await setGoal(kit, STEP_INCIDENT, 'isolate', { options: { investigate: true } });
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    assert.equal(vm().tags.items?.includes('firebreak-investigate'), false);
  });

  it('is closed for both incidents that hold the node by the first one that is woken', async () => {
    const { kit, subject, vm } = await onNode();
    await openIncident(kit, 'i-2', [subject], 'isolate', { options: { investigate: true } });
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    await kit.clock.drive(run(kit.ports, 'i-2'));
    await kit.clock.advance(END);
    await kit.clock.drive(run(kit.ports, 'i-2'));
    assert.equal(vm().tags.items?.includes('firebreak-investigate'), false);
    await kit.clock.drive(run(kit.ports, STEP_INCIDENT));
    assert.equal((await entryOf(kit))?.state, 'undone');
    assert.equal((await entryOf(kit, 'i-2'))?.state, 'undone');
    assert.equal((await incidentOf(kit, STEP_INCIDENT)).dueAt, undefined);
  });

  it('adds the configured key to the metadata if OS Login is off, and removes only that line', async () => {
    const sshKey = 'ana:ssh-ed25519 AAAAC3Nz ana@example.com';
    const { kit, vm } = await onNode({ sshKey });
    const url = partial(vm().selfLink);
    const others = Object.fromEntries((vm().metadata.items ?? []).map(({ key, value }) => [key, value]));
    kit.world.compute.stranger.setMetadata(url, {
      ...others,
      'enable-oslogin': 'FALSE',
      'ssh-keys': 'bo:ssh-rsa AAAA',
    });
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.equal(metadataOf(vm(), 'ssh-keys'), `bo:ssh-rsa AAAA\n${sshKey}`);
    assert.match(carried?.entry.because ?? '', /gcloud compute ssh ana@gke-/);
    assert.doesNotMatch(carried?.entry.because ?? '', /OS Login is on/);
    await releaseStep(kit, openInvestigationAccess);
    assert.equal(metadataOf(vm(), 'ssh-keys'), 'bo:ssh-rsa AAAA');
  });

  it('leaves the metadata as it is if no key is configured, and names no user', async () => {
    const { kit, vm } = await onNode();
    const items = { 'enable-oslogin': 'FALSE', 'ssh-keys': 'bo:ssh-rsa AAAA' };
    kit.world.compute.stranger.setMetadata(partial(vm().selfLink), items);
    const before = structuredClone(vm().metadata);
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.equal(carried?.entry.state, 'applied');
    assert.match(carried?.entry.because ?? '', /gcloud compute ssh gke-/);
    assert.doesNotMatch(carried?.entry.because ?? '', /key/);
    assert.deepEqual(vm().metadata, before);
    await releaseStep(kit, openInvestigationAccess);
    assert.deepEqual(vm().metadata, before);
  });

  it('says that the key is not used if OS Login is on', async () => {
    const { kit, vm } = await onNode({ sshKey: 'ana:ssh-ed25519 AAAAC3Nz ana@example.com' });
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.match(carried?.entry.because ?? '', /OS Login is on, so the key is not used/);
    assert.equal(metadataOf(vm(), 'ssh-keys'), undefined);
  });

  it('refuses a Windows node, and says how to reach it', async () => {
    const { kit } = await onNode({}, { windows: true });
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.equal(carried?.entry.state, 'refused');
    assert.match(carried?.entry.because ?? '', /start-iap-tunnel to port 3389/);
  });

  it('fails if a rule of the same name that allows more is there already', async () => {
    const { kit, subject } = await onNode();
    const name = investigationRule(subject.host?.id ?? '', SHOP_NETWORK, { ranges: ['35.235.240.0/20'] }).name;
    kit.world.compute.stranger.addFirewall({
      project: 'p1',
      name,
      sourceRanges: ['0.0.0.0/0'],
      allowed: [{ IPProtocol: 'tcp', ports: ['22'] }],
      targetTags: ['firebreak-investigate'],
    });
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried?.entry.because ?? '', /exists with other settings/);
    await releaseStep(kit, openInvestigationAccess);
    assert.deepEqual(
      rules(kit).map((rule) => rule.name),
      [name],
      'it is not ours to delete',
    );
  });

  it('closes its rule on a release although the right to take the tag away is gone', async () => {
    const { kit, vm } = await onNode();
    await carry(kit, openInvestigationAccess);
    assert.equal(rules(kit).length, 1);
    const refusal = { kind: 'refuse', status: 403, reason: 'forbidden', times: 1_000_000 } as const;
    kit.world.compute.script({ ...refusal, method: 'Instances.SetTags' });
    const [entry] = await releaseStep(kit, openInvestigationAccess);
    assert.equal(entry?.state, 'not-undoable');
    assert.match(entry.because ?? '', /undo denied for 15 minutes: setTags/);
    assert.equal(vm().tags.items?.includes('firebreak-investigate'), true);
    assert.deepEqual(rules(kit), []);
  });

  it('opens its rule where the VM carries the tag already, and closes it again without the tag of somebody else', async () => {
    const { kit, vm } = await onNode();
    kit.world.compute.stranger.setTags(partial(vm().selfLink), ['gke-c1-node', 'firebreak-investigate']);
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven']);
    assert.match(carried?.entry.because ?? '', /^gcloud compute ssh /);
    assert.equal(rules(kit).length, 1);
    const [released] = await releaseStep(kit, openInvestigationAccess);
    assert.match(released?.because ?? '', /the tag was there before us and stays/);
    assert.ok(vm().tags.items?.includes('firebreak-investigate'));
    assert.deepEqual(rules(kit), []);
  });

  it('opens nothing once its time is over, where a run goes on that had only begun', async () => {
    const { kit, vm } = await onNode();
    const refusal = { kind: 'refuse', status: 503, reason: 'backendError', times: 1 } as const;
    kit.world.compute.script({ ...refusal, method: 'Firewalls.Insert' });
    await assert.rejects(carry(kit, openInvestigationAccess));
    await kit.clock.advance(END);
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.equal(carried?.entry.state, 'refused');
    assert.match(carried?.entry.because ?? '', /its time limit passed at 2026-/);
    assert.deepEqual([vm().tags.items?.includes('firebreak-investigate'), rules(kit)], [false, []]);
  });

  for (const method of ['Firewalls.Insert', 'Instances.SetTags'])
    it(`fails with the reason where the operation of ${method} fails`, async () => {
      const { kit } = await onNode();
      kit.world.compute.script({ method, kind: 'fail-operation', code: 'INVALID_USAGE', status: 400, times: 100 });
      const [carried] = await carry(kit, openInvestigationAccess);
      assert.equal(carried?.entry.state, 'failed');
      assert.match(carried?.entry.because ?? '', /INVALID_USAGE/);
    });

  it('says on a release that the tag stays where the operation that takes it away fails, and closes the rule', async () => {
    const { kit, vm } = await onNode();
    await carry(kit, openInvestigationAccess);
    const method = 'Instances.SetTags';
    kit.world.compute.script({ method, kind: 'fail-operation', code: 'INVALID_USAGE', status: 400, times: 100 });
    const [entry] = await releaseStep(kit, openInvestigationAccess);
    assert.equal(entry?.state, 'not-undoable');
    assert.match(entry.because ?? '', /INVALID_USAGE/);
    assert.equal(vm().tags.items?.includes('firebreak-investigate'), true);
    assert.deepEqual(rules(kit), []);
  });

  it('says on a release what is still open where the service does not find it, although it is there', async () => {
    for (const [method, because] of [
      ['Firewalls.Delete', /^rule firebreak-investigate-\w+ is still there, although /],
      ['Instances.SetTags', /^the VM still carries the tag, although /],
      ['Instances.SetMetadata', /^the VM still has the key, although /],
    ] as const) {
      const { kit, vm } = await onNode({ sshKey: 'ana:ssh-ed25519 AAAA ana' });
      kit.world.compute.stranger.setMetadata(partial(vm().selfLink), { 'enable-oslogin': 'FALSE' });
      await carry(kit, openInvestigationAccess);
      kit.world.compute.script({ method, kind: 'refuse', status: 404, reason: 'notFound' });
      const [entry] = await releaseStep(kit, openInvestigationAccess);
      assert.equal(entry?.state, 'not-undoable', method);
      assert.match(entry.because ?? '', because);
    }
  });

  it('is not proven where a deny comes before its rule', async () => {
    const { kit } = await onNode();
    kit.world.compute.stranger.addFirewall({
      ...{ project: 'p1', name: 'deny-ssh', priority: 0, sourceRanges: ['0.0.0.0/0'] },
      denied: [{ IPProtocol: 'tcp', ports: ['22'] }],
    });
    const [carried] = await carry(kit, openInvestigationAccess);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'not proven']);
    assert.match(carried?.entry.because ?? '', /vpc rule deny-ssh denies SSH on nic0 before ours/);
  });
});
