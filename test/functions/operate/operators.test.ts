import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Malformed, Transient } from '../../../shared/errors.ts';
import type { IdentityVerifier } from '../../../shared/ports.ts';
import { decisionKit, findingOn, type Kit, podNamed, podsNamed, targetOf } from '../../kit/decision.ts';

/** Accepts tokens of the form `of EMAIL`, and `private EMAIL` for a private account, and refuses all others. */
const verifier: IdentityVerifier = {
  verify: async (idToken) => {
    if (idToken === 'down') throw new Transient('the keys cannot be read');
    const [kind, email = '', ...rest] = idToken.split(' ');
    if (kind === 'private') return { email };
    if (kind !== 'of' || rest.length > 0)
      throw new Malformed('the ID token is not accepted: it has expired; sign in again');
    return { email, domain: email.slice(email.lastIndexOf('@') + 1) };
  },
};
const kitted = (policy = '', verifies = true): Kit => {
  const kit = decisionKit(`mode: act\n${policy}`);
  if (verifies) Object.assign(kit.ports, { verifier });
  return kit;
};
const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };
const BY_ANA = { ...ANA, idToken: 'of ana@example.com' };
const BY_BOB = { reason: 'agreed', requestedBy: 'bob@example.com', idToken: 'of bob@example.com' };
const contain = (kit: Kit, tier: string, over: object) => ({
  action: 'contain',
  tier,
  target: targetOf(podNamed(kit, 'shop', 'cart-')),
  ...over,
});

describe('operators', () => {
  it('are named by their token, and shown as claimed without one', async () => {
    const kit = kitted();
    await kit.ask(contain(kit, 'quarantine', { ...BY_ANA, requestedBy: 'root' }));
    assert.equal((await kit.incident()).goal?.by, 'ana@example.com');
    const other = kitted();
    await other.ask(contain(other, 'quarantine', ANA));
    assert.equal((await other.incident()).goal?.by, 'ana@example.com (claimed)');
    const unverified = kitted('', false);
    await unverified.ask(contain(unverified, 'delete-workload', BY_ANA));
    const { goal, decision } = await unverified.incident();
    assert.equal(goal?.by, 'ana@example.com (claimed)');
    assert.equal(decision?.because[0], 'requested by ana@example.com (claimed): seen in triage');
  });

  it('must be verified to delete, release and resume if identities can be verified', async () => {
    const kit = kitted();
    for (const tier of ['redeploy', 'delete-workload', 'delete-host']) {
      const { state, outcome } = await kit.ask(contain(kit, tier, ANA));
      assert.equal(state, 'refused');
      assert.match(outcome ?? '', new RegExp(`^${tier} needs a verified operator: send it with an ID token`));
    }
    assert.deepEqual(await kit.incidents(), []);
    assert.equal((await kit.ask(contain(kit, 'isolate', ANA))).state, 'accepted');
    const { id } = await kit.incident();
    assert.match(
      (await kit.ask({ action: 'release', incident: id, ...ANA })).outcome ?? '',
      /^release needs a verified/,
    );
    assert.equal((await kit.ask({ action: 'halt', ...ANA })).state, 'accepted');
    assert.match((await kit.ask({ action: 'resume', ...ANA })).outcome ?? '', /^resume needs a verified/);
    await kit.clock.advance(1000);
    assert.equal((await kit.ask({ action: 'resume', ...BY_ANA })).state, 'accepted');
    assert.equal((await kit.ask({ action: 'release', incident: id, ...BY_ANA })).state, 'accepted');
  });

  it('must be verified to approve a deletion', async () => {
    const kit = kitted();
    await kit.decide(
      findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')), {
        rule: 'exec-miner',
        severity: 'critical',
        confidence: 0.95,
      }),
    );
    const { id, decision } = await kit.incident();
    const approve = { action: 'approve', incident: id, plan: decision?.asked?.plan };
    assert.match((await kit.ask({ ...approve, ...ANA })).outcome ?? '', /^delete-workload needs a verified operator/);
    assert.notEqual((await kit.incident()).decision?.asked, undefined);
    assert.equal((await kit.ask({ ...approve, ...BY_ANA })).state, 'accepted');
  });

  it('must be verified for the actions that the policy lists, and are refused if none can be verified', async () => {
    const kit = kitted('operators: { verified: [halt] }', false);
    assert.match((await kit.ask({ action: 'halt', ...BY_ANA })).outcome ?? '', /verifies no identities/);
    const lax = kitted('operators: { verified: [] }');
    assert.equal((await lax.ask(contain(lax, 'delete-workload', ANA))).state, 'accepted');
  });

  it('are refused with a token that proves nothing, and the token is not stored', async () => {
    const kit = kitted();
    const { state, outcome, request } = await kit.ask({ action: 'halt', ...ANA, idToken: 'stolen' });
    assert.deepEqual([state, outcome], ['refused', 'the ID token is not accepted: it has expired; sign in again']);
    assert.ok(!JSON.stringify(request).includes('stolen'));
  });

  it('must wait if the signing keys cannot be read', async () => {
    const kit = kitted();
    await assert.rejects(kit.ask({ action: 'halt', ...ANA, idToken: 'down' }), Transient);
    assert.equal(await kit.ports.stores.halts.get('halt'), undefined);
  });

  it('stay verified for a redelivery that comes after their token expired', async () => {
    const kit = kitted('operators: { domains: [example.com] }');
    const { clusters } = kit.ports;
    const down = async (): Promise<never> => {
      throw new Transient('the cluster does not answer');
    };
    const reader: typeof clusters.reader = (ref) => ({ ...clusters.reader(ref), get: down });
    Object.assign(kit.ports, { clusters: { ...clusters, reader } });
    const asked = contain(kit, 'delete-workload', { ...BY_ANA, id: 'r-1' });
    await assert.rejects(kit.ask(asked), Transient);
    const expired: IdentityVerifier = {
      verify: async () => {
        throw new Malformed('the ID token is not accepted: it has expired; sign in again');
      },
    };
    Object.assign(kit.ports, { clusters, verifier: expired });
    assert.equal((await kit.ask(asked)).state, 'accepted');
    assert.equal((await kit.incident()).goal?.by, 'ana@example.com');
    assert.equal((await kit.ask(contain(kit, 'delete-workload', BY_ANA))).state, 'refused');
  });

  it('must have an address or domain that the policy lists', async () => {
    const kit = kitted('operators: { emails: [ana@example.com], domains: [ops.example.com] }');
    const send = (action: string) => (email: string) => kit.ask({ action, ...ANA, idToken: `of ${email}` });
    const [halt, resume] = [send('halt'), send('resume')];
    assert.match((await halt('eve@example.com')).outcome ?? '', /eve@example.com is not an operator/);
    assert.match((await halt('eve@evil-ops.example.com')).outcome ?? '', /is not an operator/);
    assert.match((await halt('eve@ops.example.com.evil.example')).outcome ?? '', /is not an operator/);
    assert.equal((await halt('ana@example.com')).state, 'accepted');
    await kit.clock.advance(1000);
    assert.equal((await resume('eve@ops.example.com')).state, 'accepted');
  });

  it('are none by a domain that does not run their account, unless the policy lists the address', async () => {
    const kit = kitted('operators: { emails: [ana@example.com], domains: [ops.example.com] }');
    const halt = (idToken: string) => kit.ask({ action: 'halt', ...ANA, idToken });
    assert.match(
      (await halt('private eve@ops.example.com')).outcome ?? '',
      /^eve@ops.example.com is not an operator: its domain does not run this account/,
    );
    assert.equal((await halt('private ana@example.com')).state, 'accepted');
  });

  it('need the approval of another operator if the policy requires it', async () => {
    const kit = kitted('operators: { another: [isolate] }');
    assert.match((await kit.ask(contain(kit, 'isolate', ANA))).outcome ?? '', /isolate needs a verified operator/);
    const asked = await kit.ask(contain(kit, 'isolate', { ...BY_ANA, drain: true }));
    assert.match(asked.outcome ?? '', /waits for another operator's approval of plan [0-9a-f]+/);
    const { id, goal, state, decision } = await kit.incident();
    assert.deepEqual([goal, state, decision?.asked?.by], [null, 'asking', 'ana@example.com']);
    await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')), { severity: 'low', confidence: 0.2 }));
    const plan = (await kit.incident()).decision?.asked?.plan;
    const approve = { action: 'approve', incident: id, plan };
    assert.match((await kit.ask({ ...approve, ...BY_ANA })).outcome ?? '', /another operator must approve it/);
    assert.match((await kit.ask({ ...approve, ...ANA })).outcome ?? '', /needs a verified operator/);
    assert.match(
      (await kit.ask({ ...approve, ...BY_BOB, drain: false })).outcome ?? '',
      /^field "drain": the plan has it, and an approval takes nothing away; leave it out, or reject the plan and send/,
    );
    assert.equal((await kit.ask({ ...approve, ...BY_BOB })).state, 'accepted');
    const { goal: done, outbox } = await kit.incident();
    assert.match(outbox.at(-1)?.title ?? '', /^bob@example.com approves isolate on pod shop\/cart-/);
    assert.deepEqual([done?.tier, done?.by, done?.options], ['isolate', 'bob@example.com', { drain: true }]);
  });

  it('cannot fill the document of an incident with asks that another one must approve', async () => {
    const kit = kitted('operators: { another: [delete-workload] }');
    await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-'))));
    const [reason] = (await kit.incident()).decision?.because ?? [];
    for (let n = 0; n < 450; n += 1) {
      const asked = contain(kit, 'delete-workload', { ...BY_ANA, reason: `${n} ${'x'.repeat(990)}` });
      assert.equal((await kit.ask(asked)).state, 'accepted', String(n));
    }
    const incident = await kit.incident();
    assert.ok(JSON.stringify(incident).length < 200_000);
    const because = incident.decision?.because ?? [];
    assert.equal(because[0], reason);
    assert.match(because.at(-2) ?? '', /^requested by ana@example\.com: 449 /);
    assert.equal(incident.decision?.asked?.by, 'ana@example.com');
  });

  it('are still told who wants what and why once the plan has changed', async () => {
    const kit = kitted('operators: { another: [delete-workload] }');
    const { pod: _, ...around } = targetOf(podNamed(kit, 'shop', 'cart-'));
    const target = { ...around, workload: { kind: 'Deployment', name: 'cart' } };
    await kit.ask({ action: 'contain', tier: 'delete-workload', target, ...BY_ANA });
    const { decision: first, subjects } = await kit.incident();
    kit.cluster.edit({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' }, (draft) => {
      draft.spec = { ...draft.spec, replicas: 4 };
    });
    kit.world.settle();
    await kit.clock.advance(60_000);
    await kit.tick();
    const changed = await kit.incident();
    assert.deepEqual([changed.subjects.length, changed.decision?.asked?.by], [subjects.length + 1, 'ana@example.com']);
    assert.notEqual(changed.decision?.asked?.plan, first?.asked?.plan);
    assert.deepEqual(changed.decision?.because, first?.because);
    const { title = '', lines = [] } = changed.outbox.at(-1) ?? {};
    assert.equal(
      title,
      'Approve delete-workload on Deployment shop/cart? ana@example.com asks for it, and the plan has changed',
    );
    assert.ok(lines.includes('requested by ana@example.com: seen in triage'), lines.join('\n'));
    await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')), { severity: 'low', confidence: 0.2 }));
    const { because = [] } = (await kit.incident()).decision ?? {};
    assert.deepEqual(because.slice(-2), first?.because);
    assert.equal(because.length, new Set(because).size);
  });

  it('need that approval again to go as far with a second pod', async () => {
    const kit = kitted('operators: { another: [isolate] }');
    const [first = assert.fail(), second = assert.fail()] = podsNamed(kit, 'shop', 'cart-');
    const isolate = (pod: typeof first) => kit.ask({ ...contain(kit, 'isolate', BY_ANA), target: targetOf(pod) });
    await isolate(first);
    const approve = async () => {
      const { id, decision } = await kit.incident();
      return kit.ask({ action: 'approve', incident: id, plan: decision?.asked?.plan, ...BY_BOB });
    };
    assert.equal((await approve()).state, 'accepted');
    const granted = (await kit.incident()).goal;
    assert.match((await isolate(first)).outcome ?? '', /^isolate starts/, 'nothing more comes of it');
    assert.match((await isolate(second)).outcome ?? '', /waits for another operator's approval/);
    const waiting = await kit.incident();
    assert.equal(waiting.subjects.length, 2);
    assert.deepEqual(waiting.goal?.covers, granted?.covers);
    assert.match((await approve()).outcome ?? '', /^approved: isolate starts/);
    assert.equal((await kit.incident()).goal?.covers?.length, 2);
  });
});
