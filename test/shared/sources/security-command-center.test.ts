import { strict as assert } from 'node:assert';
import { sccFinding } from '../../../local/scenarios/scc-finding.ts';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import { record } from '../../../shared/kubernetes/loose.ts';
import { NOW } from '../../fixtures/signals.ts';
import { becauseOf, C1, sccThreatOf, threatOf } from '../../fixtures/threats.ts';

const CATEGORY = 'Reverse Shell';
const POD = { ns: 'shop', name: 'cart-0' };
const AT = '2026-03-02T10:00:00Z';
const BY_RULE = { muteConfig: 'organizations/1/locations/global/muteConfigs/tests', matchTime: AT };

/** The notification with some fields of its finding replaced. */
const changed = (over: Record<string, unknown>, outer: Record<string, unknown> = {}): Record<string, unknown> => {
  const whole = sccFinding({ category: CATEGORY, pods: [POD] });
  return { ...whole, finding: { ...record(whole.finding), ...over }, ...outer };
};

/** An object with every key in the spelling of protocol buffers. */
const snaked = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(snaked);
  const object = record(value);
  if (object === undefined) return value;
  return Object.fromEntries(
    Object.entries(object).map(([key, held]) => [key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), snaked(held)]),
  );
};

describe('the source security-command-center', () => {
  it('reads the category, time, severity, pod and process of a finding', () => {
    const signal = sccThreatOf({
      category: CATEGORY,
      pods: [POD],
      processes: [['/bin/sh', '-c', 'id']],
      principal: 'ana@example.com',
      callerIp: '203.0.113.7',
      domains: ['pool.example.com'],
    });
    const { name, at, severity, targets, commands, principal, callerIp, doubts } = signal;
    assert.deepEqual(
      { name, at, severity, targets, commands, principal, callerIp, doubts },
      {
        name: CATEGORY,
        at: '2026-03-02T10:15:30.250Z',
        severity: 'high',
        targets: [{ ...C1, namespace: 'shop', pod: 'cart-0' }],
        commands: ['/bin/sh -c id'],
        principal: 'ana@example.com',
        callerIp: '203.0.113.7',
        doubts: [],
      },
    );
    assert.match(signal.facts.join('\n'), /"pool\.example\.com"/);
  });

  it('reads both API versions and both spellings as one event', () => {
    const parts = { category: CATEGORY, pods: [POD], principal: 'ana@example.com', callerIp: '203.0.113.7' };
    const [one, two] = [sccFinding(parts), sccFinding({ ...parts, version: 2 })];
    const signals = [one, two, snaked(one), snaked(two)].map((payload) => threatOf(payload));
    assert.equal(new Set(signals.map(({ event }) => event)).size, 1);
    for (const { targets, principal, callerIp } of signals) {
      assert.deepEqual(targets, [{ ...C1, namespace: 'shop', pod: 'cart-0' }]);
      assert.deepEqual([principal, callerIp], ['ana@example.com', '203.0.113.7']);
    }
  });

  it('takes the time of the event and, only where there is none, that of the finding', () => {
    const at = (over: object) => threatOf(changed({ createTime: '2026-03-01T08:00:00Z', ...over })).at;
    assert.deepEqual([at({}), at({ eventTime: undefined })], ['2026-03-02T10:15:30.250Z', '2026-03-01T08:00:00.000Z']);
  });

  it('gives another event for a later sighting and for another finding', () => {
    const parts = { category: CATEGORY, pods: [POD] };
    const events = [
      sccThreatOf(parts),
      sccThreatOf({ ...parts, at: '2026-03-02T11:15:30.250Z' }),
      sccThreatOf({ ...parts, id: 'b'.repeat(32) }),
    ];
    assert.equal(new Set(events.map(({ event }) => event)).size, 3);
  });

  const passedOver: Array<[string, Record<string, unknown>, RegExp]> = [
    ['inactive', { state: 'INACTIVE' }, /in state "INACTIVE"/],
    ['without a state', { state: undefined }, /in state "no state"/],
    ['muted', { mute: 'MUTED' }, /muted/],
    ['muted by itself', { muteInfo: { staticMute: { state: 'MUTED', applyTime: AT } } }, /muted/],
    ['muted by a rule', { mute: 'UNDEFINED', muteInfo: { dynamicMuteRecords: [BY_RULE] } }, /muted/],
    ['muted, in the other spelling', { mute_info: { dynamic_mute_records: [BY_RULE] } }, /muted/],
    ['a misconfiguration', { findingClass: 'MISCONFIGURATION' }, /only threats are evidence/],
    ['a vulnerability', { findingClass: 'VULNERABILITY' }, /only threats are evidence/],
    [
      'of no class, and called like a misconfiguration',
      { findingClass: undefined, category: 'OPEN_RDP_PORT' },
      /class/,
    ],
  ];
  for (const [what, over, because] of passedOver) {
    it(`gives no signal for a finding that is ${what}`, () => assert.match(becauseOf(changed(over)), because));
  }

  it('reads a finding that somebody unmuted, whatever rule would mute it', () => {
    const ruled = { dynamicMuteRecords: [BY_RULE] };
    for (const over of [
      { mute: 'UNMUTED', muteInfo: ruled },
      { muteInfo: { ...ruled, staticMute: { state: 'UNMUTED', applyTime: AT } } },
      { mute: 'UNDEFINED', muteInfo: { dynamicMuteRecords: [] } },
    ])
      assert.equal(threatOf(changed(over)).kind, 'threat');
  });

  it('reads an older finding without a class as a threat if its detector finds threats', () => {
    const older = { findingClass: undefined, severity: undefined, kubernetes: undefined };
    for (const findingClass of [undefined, 'FINDING_CLASS_UNSPECIFIED'])
      assert.equal(threatOf(changed({ ...older, findingClass, category: 'C2: Bad IP' })).severity, undefined);
    const byRule = { category: undefined, sourceProperties: { detectionCategory: { ruleName: 'bad_ip' } } };
    assert.equal(threatOf(changed({ ...older, ...byRule })).name, 'bad_ip');
  });

  it('gives each of several pods, of ten at most, its own finding', () => {
    const signal = sccThreatOf({ category: CATEGORY, pods: [POD, POD, { ns: 'shop', name: 'cart-1' }] });
    const found = evaluate(signal, NOW);
    assert.deepEqual(
      found.map(({ target }) => target.pod),
      ['cart-0', 'cart-1'],
    );
    assert.equal(new Set(found.map(({ id }) => id)).size, 2);
    const pods = Array.from({ length: 11 }, (_, n) => ({ ns: 'shop', name: `cart-${n}` }));
    assert.equal(sccThreatOf({ category: CATEGORY, pods }).targets.length, 10);
  });

  it('names workloads, nodes or the resource if the finding names no pod', () => {
    const cluster = `//container.googleapis.com/projects/p1/zones/europe-west1-b/clusters/c1`;
    const zonal = { project: 'p1', location: 'europe-west1-b', cluster: 'c1' };
    const vm = '//compute.googleapis.com/projects/p1/zones/europe-west1-b/instances/4242424242424242424';
    const targetsOf = (parts: object): unknown => sccThreatOf({ category: CATEGORY, ...parts }).targets;
    const objects = [
      { kind: 'Deployment', ns: 'shop', name: 'cart' },
      { kind: 'ClusterRole', name: 'ops' },
    ];
    assert.deepEqual(targetsOf({ objects }), [
      { ...C1, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } },
    ]);
    assert.deepEqual(targetsOf({ nodes: ['gke-c1-pool-0'] }), [{ ...C1, node: 'gke-c1-pool-0' }]);
    assert.deepEqual(targetsOf({ resourceName: `${cluster}/k8s/namespaces/shop/pods/cart-0` }), [
      { ...zonal, namespace: 'shop', pod: 'cart-0' },
    ]);
    assert.deepEqual(targetsOf({ resourceName: cluster }), [zonal]);
    assert.deepEqual(targetsOf({ resourceName: vm }), [
      { project: 'p1', location: 'europe-west1-b', instance: '4242424242424242424' },
    ]);
    assert.deepEqual(targetsOf({ resourceName: '//cloudresourcemanager.googleapis.com/projects/987654321' }), [
      { project: 'p1' },
    ]);
  });

  it('names no cluster of a project that it knows only by number', () => {
    const resourceName = '//container.googleapis.com/projects/987654321/locations/europe-west1/clusters/c1';
    const { targets, doubts } = threatOf(changed({ resourceName }, { resource: { name: resourceName } }), {
      place: { project: 'p1' },
    });
    assert.deepEqual(targets, [{ project: 'p1' }]);
    assert.match(doubts.join('\n'), /could be that of another project/);
  });

  it('drops names that Kubernetes does not allow', () => {
    const pods = [{ ns: 'shop', name: '../secrets' }];
    const { targets, doubts } = sccThreatOf({ category: CATEGORY, pods });
    assert.deepEqual(targets, [C1]);
    assert.match(doubts.join('\n'), /does not allow/);
  });

  it('names no pod if the time is unreadable, because another pod may have had that name', () => {
    const { targets, doubts } = threatOf(changed({ eventTime: 'yesterday', createTime: undefined }));
    assert.deepEqual(targets, [C1]);
    assert.match(doubts.join('\n'), /no readable time/);
  });

  const PATH = '//container.googleapis.com/projects/p1';
  const VM = '//compute.googleapis.com/projects/p1/zones';

  it('drops each name that is not allowed, wherever it stands, and keeps the rest', () => {
    const targetsOf = (parts: object): unknown => sccThreatOf({ category: CATEGORY, ...parts }).targets;
    for (const odd of ['Shop', 'a b', '../x', 'a;id', '']) {
      assert.deepEqual(targetsOf({ pods: [{ ns: odd, name: 'cart-0' }] }), [C1], odd);
      assert.deepEqual(targetsOf({ pods: [{ ns: 'shop', name: odd }] }), [C1], odd);
      assert.deepEqual(targetsOf({ objects: [{ kind: 'Deployment', ns: odd, name: 'cart' }] }), [C1], odd);
      assert.deepEqual(targetsOf({ objects: [{ kind: 'Deployment', ns: 'shop', name: odd }] }), [C1], odd);
    }
    for (const odd of ['Node_1', 'a b', 'projects/p1/instances/'])
      assert.deepEqual(targetsOf({ nodes: [odd] }), [C1], odd);
    const pods = [{ ns: 'shop', name: '../x' }, POD];
    assert.deepEqual(targetsOf({ pods }), [{ ...C1, namespace: 'shop', pod: 'cart-0' }]);
    const project = [{ project: 'p1' }];
    for (const name of [`${PATH}/locations/nowhere/clusters/c1`, `${PATH}/locations/europe-west1/clusters/C_1`])
      assert.deepEqual(targetsOf({ resourceName: name }), project, name);
    const zone = [{ project: 'p1', location: 'europe-west1-b' }];
    for (const id of ['0', 'gke-c1-pool-0', '12x', '1'.repeat(21)])
      assert.deepEqual(targetsOf({ resourceName: `${VM}/europe-west1-b/instances/${id}` }), zone, id);
    for (const name of [`${VM}/nowhere/instances/7`, `x${VM}/europe-west1-b/instances/7`])
      assert.deepEqual(targetsOf({ resourceName: name }), project, name);
  });

  it('says of dropped names and of a project that stands in, both if both are so', () => {
    const resourceName = '//cloudresourcemanager.googleapis.com/projects/987654321';
    const { doubts } = threatOf(changed({ resourceName }, { resource: { name: resourceName } }), {
      place: { project: 'p2' },
    });
    assert.match(doubts.join('\n'), /does not name its project by id: p2 stands in/);
  });

  it('names a pod that stands among the objects, and no kind that runs nothing', () => {
    const targetsOf = (objects: Array<{ kind: string; ns: string; name: string }>): unknown =>
      sccThreatOf({ category: CATEGORY, objects }).targets;
    const found = { ...C1, namespace: 'shop', pod: 'cart-0' };
    assert.deepEqual(targetsOf([{ kind: 'Pod', ns: 'shop', name: 'cart-0' }]), [found]);
    assert.deepEqual(targetsOf([{ kind: 'Secret', ns: 'shop', name: 'cart-0' }]), [C1]);
    assert.deepEqual(targetsOf([{ kind: 'Widget', ns: 'shop', name: 'cart-0' }]), [C1]);
  });
});
