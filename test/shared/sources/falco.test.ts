import { strict as assert } from 'node:assert';
import { falcoAlert, falcoPlace } from '../../../local/scenarios/falco-alert.ts';
import { falcoShell } from '../../../shared/detection/rules/falco-shell.ts';
import { record } from '../../../shared/kubernetes/loose.ts';
import type { ReadContext } from '../../../shared/sources/source.ts';
import { becauseOf, C1, falcoThreatOf, findingsBy, threatOf } from '../../fixtures/threats.ts';

const RULE = 'Terminal shell in container';
const C2 = { ...C1, cluster: 'c2' };
const UID = '3f0c5b1e-6a0f-4f0e-9a55-0d1f5e0c7b11';
const POD = { namespace: 'shop', pod: 'cart-0' };

const targetOf = (fields: Record<string, unknown>, context: Partial<ReadContext> = {}, outer: object = {}) => {
  const alert = falcoAlert({ rule: RULE, cluster: null, fields });
  const { targets, doubts } = threatOf({ ...alert, ...outer }, { place: { project: 'p1' }, ...context });
  return { target: targets[0], doubts: doubts.join('\n') };
};

describe('the source falco', () => {
  it('reads the rule, time, severity, pod and process of an alert', () => {
    const { name, at, severity, targets, commands, doubts } = falcoThreatOf({ rule: RULE, podUid: UID, command: 'id' });
    assert.deepEqual(
      { name, at, severity, targets, commands, doubts },
      {
        name: RULE,
        at: '2026-03-02T10:15:30.250Z',
        severity: 'medium',
        targets: [{ ...C1, ...POD, uid: UID }],
        commands: ['id', 'containerd-shim'],
        doubts: [],
      },
    );
  });

  it('identifies an alert by its uuid, or by its whole content without one', () => {
    const alert = falcoAlert({ rule: RULE });
    const { uuid: _, ...bare } = alert;
    const event = (payload: unknown): string => threatOf(payload).event;
    assert.equal(event(alert), event({ ...alert, output: 'said otherwise' }));
    assert.equal(event(bare), event({ ...bare }));
    assert.notEqual(event(bare), event({ ...bare, output: 'said otherwise' }));
  });

  it('gives no signal for a test alert', () =>
    assert.match(becauseOf(falcoAlert({ rule: 'Test rule' })), /test alert/));

  it('names only the project if nothing names the cluster', () => {
    const { target, doubts } = targetOf({});
    assert.deepEqual(target, { project: 'p1' });
    assert.match(doubts, /set the custom fields project_id, location, cluster_name of falcosidekick/);
  });

  it('takes the cluster from custom fields, attributes or the topic', () => {
    const whole = { ...C1, ...POD };
    assert.deepEqual(targetOf(falcoPlace(C1)).target, whole);
    assert.deepEqual(targetOf({}, { attributes: falcoPlace(C1) }).target, whole);
    assert.deepEqual(targetOf({}, { place: C1 }).target, whole);
    const { project_id: _, ...withoutProject } = falcoPlace(C1);
    assert.deepEqual(targetOf(withoutProject).target, whole);
  });

  it('names no cluster if an alert names two different ones', () => {
    for (const context of [{ place: C1 }, { attributes: falcoPlace(C1) }]) {
      const { target, doubts } = targetOf(falcoPlace(C2), context);
      assert.equal(target?.cluster, undefined);
      assert.match(doubts, /different clusters/);
    }
  });

  it('accepts no cluster with an invalid name or without a location', () => {
    assert.equal(targetOf({ ...falcoPlace(C1), cluster_name: 'c1/../c2' }).target?.cluster, undefined);
    assert.equal(targetOf({ ...falcoPlace(C1), location: undefined }).target?.cluster, undefined);
    assert.equal(targetOf({ ...falcoPlace(C1), cluster_name: 42 }).target?.cluster, undefined);
  });

  it('names the node for a process outside a container', () => {
    const { targets } = falcoThreatOf({ rule: RULE, pod: null });
    assert.deepEqual(targets, [{ ...C1, node: 'gke-c1-pool-0' }]);
  });

  describe('of a call to the API server (source k8s_audit)', () => {
    const CALL = { 'container.id': null, 'k8s.ns.name': null, 'k8s.pod.name': null, 'ka.user.name': 'bob@example.com' };
    const called = (fields: object) =>
      threatOf({
        ...falcoAlert({ rule: 'Attach/Exec Pod', fields: { ...CALL, 'ka.target.namespace': 'shop', ...fields } }),
        source: 'k8s_audit',
      });

    it('names the pod, and who called', () => {
      const exec = called({ 'ka.target.resource': 'pods', 'ka.target.name': 'cart-0' });
      assert.deepEqual([exec.targets, exec.principal, exec.doubts], [[{ ...C1, ...POD }], 'bob@example.com', []]);
      const made = called({ 'ka.target.resource': 'pods', 'ka.target.name': '<NA>', 'ka.resp.name': 'cart-0' });
      assert.deepEqual(made.targets, [{ ...C1, ...POD }]);
    });

    it('names the workload', () => {
      const { targets } = called({ 'ka.target.resource': 'deployments', 'ka.target.name': 'cart' });
      assert.deepEqual(targets, [{ ...C1, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } }]);
    });

    it('names only the cluster if the call is about something else, or the name is none', () => {
      for (const [resource, name] of [
        ['configmaps', 'cart'],
        ['pods', '../cart'],
        ['pods', null],
      ])
        assert.deepEqual(called({ 'ka.target.resource': resource, 'ka.target.name': name }).targets, [C1]);
    });

    it('counts for little next to what our own rules see of the same call', () => {
      const [found] = findingsBy([falcoShell], called({ 'ka.target.resource': 'pods', 'ka.target.name': 'cart-0' }));
      assert.deepEqual([found?.severity, found?.confidence, found?.principal], ['medium', 0.15, 'bob@example.com']);
      assert.match(found?.because.join('\n') ?? '', /the audit log shows the same call/);
    });
  });

  it("names the cluster if the container's pod is unknown or has an invalid name", () => {
    const unknown = targetOf({ ...falcoPlace(C1), 'k8s.pod.name': '<NA>' });
    assert.deepEqual(unknown.target, C1);
    assert.match(unknown.doubts, /does not name its pod/);
    const hostile = targetOf({ ...falcoPlace(C1), 'k8s.pod.name': 'cart-0/../../nodes' });
    assert.deepEqual(hostile.target, C1);
    assert.match(hostile.doubts, /is no pod's name/);
  });

  it('names no pod if the time is unreadable, because another pod may have had that name', () => {
    assert.deepEqual(targetOf(falcoPlace(C1), {}, { time: 'now' }).target, C1);
  });

  it('reads an alert with fields of any type, and without fields', () => {
    const odd = { 'proc.cmdline': { a: 1 }, 'user.name': null, 'fd.rip': 7, 'k8s.pod.name': ['cart-0'] };
    const signal = falcoThreatOf({ rule: RULE, fields: odd });
    assert.deepEqual(signal.commands, ['containerd-shim']);
    assert.deepEqual(signal.targets, [C1]);
    const { output_fields: fields, ...bare } = falcoAlert({ rule: RULE });
    assert.ok(record(fields));
    assert.match(threatOf(bare).facts.join('\n'), /no fields/);
  });

  it('puts no invalid namespace or node into a target, and no invalid UID', () => {
    for (const odd of ['Shop', 'a b', '../x', 'a;id', 'a.b']) {
      const { target, doubts } = targetOf({ ...falcoPlace(C1), 'k8s.ns.name': odd });
      assert.deepEqual(target, C1, odd);
      assert.match(doubts, /is no pod's name/);
    }
    for (const node of ['Node_1', 'a b', '../x']) {
      const { targets, doubts } = falcoThreatOf({ rule: RULE, pod: null, node });
      assert.deepEqual([targets, doubts], [[C1], ['it does not name its node']], node);
    }
    for (const uid of ['x', '../x', `${UID}0`])
      assert.deepEqual(targetOf({ ...falcoPlace(C1), 'k8s.pod.uid': uid }).target, { ...C1, ...POD }, uid);
  });

  it('reads pod and node from the fields of the k8smeta plugin as well', () => {
    const meta = { 'k8smeta.ns.name': 'shop', 'k8smeta.pod.name': 'cart-0', 'k8smeta.pod.uid': UID };
    const none = { 'k8s.ns.name': null, 'k8s.pod.name': null };
    assert.deepEqual(targetOf({ ...falcoPlace(C1), ...none, ...meta }).target, { ...C1, ...POD, uid: UID });
    const host = { ...falcoPlace(C1), ...none, 'container.id': 'host' };
    for (const field of ['k8s.node.name', 'k8smeta.node.name'])
      assert.deepEqual(targetOf({ ...host, [field]: 'gke-c1-pool-7' }).target, { ...C1, node: 'gke-c1-pool-7' }, field);
  });

  it('accepts a cluster that fields, attributes and topic name alike', () => {
    const { target, doubts } = targetOf(falcoPlace(C1), { attributes: falcoPlace(C1), place: C1 });
    assert.deepEqual([target, doubts], [{ ...C1, ...POD }, '']);
    for (const other of [{ project: 'p2' }, { location: 'europe-west2' }])
      assert.match(targetOf(falcoPlace({ ...C1, ...other }), { place: C1 }).doubts, /different clusters/);
  });

  it('says what Falco saw: the process, its image and user, and where it is connected', () => {
    const facts = (fields: Record<string, unknown>) => falcoThreatOf({ rule: RULE, fields }).facts;
    assert.deepEqual(facts({ 'fd.rip': '203.0.113.9', 'fd.sip': '203.0.113.8', 'fd.name': 'a->b' }).slice(1), [
      'the process is "sh"',
      'its image is "example.com/cart"',
      'it runs as "root"',
      'it is connected to "203.0.113.9"',
      'tags: "container, process"',
    ]);
    assert.match(facts({})[0] ?? '', /^Falco says ".*Terminal shell in container/);
    assert.ok(facts({ 'fd.sip': '203.0.113.8', 'fd.name': 'a->b' }).includes('it is connected to "203.0.113.8"'));
    assert.ok(facts({ 'fd.name': 'a->b' }).includes('it is connected to "a->b"'));
    const bare = facts({ 'proc.cmdline': null, 'container.image.repository': null, 'user.name': null });
    assert.deepEqual(bare.slice(1), ['tags: "container, process"']);
  });
});
