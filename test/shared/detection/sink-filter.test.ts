import { strict as assert } from 'node:assert';
import { makeShop } from '../../../local/cloud.ts';
import { adminEntry } from '../../../local/scenarios/admin-entry.ts';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { SCENARIOS } from '../../../local/scenarios/registry.ts';
import { makeDetector } from '../../../shared/detection/detector.ts';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import { HEARTBEAT_FILTER, isHeartbeat } from '../../../shared/detection/heartbeat.ts';
import { RULES } from '../../../shared/detection/registry.ts';
import { readRules } from '../../../shared/detection/rules-file.ts';
import { alertFilter, MAX_SINK_FILTER, sinkFilter } from '../../../shared/detection/sink-filter.ts';
import { Malformed } from '../../../shared/errors.ts';
import { PAYLOADS } from '../../fixtures/hostile.ts';
import { LEASE } from '../../fixtures/lease.ts';
import { NOW, signalOfPayload } from '../../fixtures/signals.ts';
import { isExported, parseFilter } from '../../kit/logging-filter.ts';

const FILTER = sinkFilter(RULES);
const NODE = 'system:node:gke-c1-pool-0';

describe('the filter of the sink', () => {
  it('is one that Cloud Logging accepts, also with lists of addresses', () => {
    for (const filter of [FILTER, sinkFilter(RULES, { lists: true }), alertFilter(RULES)]) {
      assert.ok(filter.length < MAX_SINK_FILTER);
      parseFilter(filter);
    }
  });

  it('has each term once, however many rules need it', () => {
    const lines = FILTER.split('\n').map((line) => line.trim().replace(/^OR /, ''));
    assert.deepEqual(lines.length, new Set(lines).size);
  });

  it('takes a filter apart only where every term may stand for itself', () => {
    const [rule] = RULES.filter(({ reads }) => reads === 'audit');
    assert.ok(rule?.reads === 'audit');
    const linesOf = (filter: string): string[] =>
      sinkFilter([{ ...rule, filter }])
        .split('\n')
        .slice(3, -1);
    assert.deepEqual(linesOf('a="x OR y" OR (b=1 OR c=2)'), ['  ((b=1 OR c=2))', '  OR (a="x OR y")']);
    for (const filter of ['a=1 OR b=2 AND c=3', 'a=1 AND b=2', 'a=1 OR b=2\nc=3'])
      assert.equal(linesOf(filter).join('\n'), `  (${filter})`);
  });

  it('leaves out a term that a wider one includes, and no other', () => {
    const [rule] = RULES.filter(({ reads }) => reads === 'audit');
    assert.ok(rule?.reads === 'audit');
    const linesOf = (...filters: string[]): string[] =>
      sinkFilter(
        filters.map((filter, n) => ({ ...rule, id: `r${n}`, filter })),
        { explained: true },
      )
        .split('\n')
        .slice(3, -1)
        .map((line) => line.trim());
    for (const narrow of ['a=1 AND b=2', '(b=2 AND a=1)', 'a=1\nb=2', 'b=2 AND a=1 AND NOT c=3'])
      assert.deepEqual(linesOf(narrow, 'a=1'), ['-- r0, r1', '(a=1)'], narrow);
    for (const same of ['(b=2 AND a=1)', '((a=1 AND b=2))', 'a=1\nb=2'])
      assert.deepEqual(linesOf('a=1 AND b=2', same), ['-- r0, r1', '(a=1 AND b=2)'], same);
    // The widest of several.
    assert.deepEqual(linesOf('a=1 AND b=2 AND c=3', 'a=1 AND b=2', 'a=1'), ['-- r0, r1, r2', '(a=1)']);
    for (const other of [
      'NOT a=1 AND b=2',
      'a=1 OR b=2 AND c=3',
      'x="a=1 AND b=2"',
      '(a=1) AND (b=2 OR c=3)',
      'b=2 -- or was it a=1 AND a=1',
      'NOT (a=1 AND b=2)',
    ])
      assert.equal(linesOf(other, 'a=1').filter((line) => line.startsWith('--')).length, 2, other);
  });

  it('does not use the severity, which entries of GKE do not have', () => {
    assert.ok(!('severity' in auditEntry(LEASE)));
    assert.doesNotMatch(FILTER, /severity/i);
  });

  const entries: Array<[string, boolean, unknown]> = [
    ['a renewal of a lease by a node', false, auditEntry(LEASE)],
    ['the same from a public address', false, auditEntry({ ...LEASE, callerIp: '203.0.113.9' })],
    [
      'a renewal of a lease by a workload',
      false,
      auditEntry({ ...LEASE, principal: 'system:serviceaccount:argocd:controller' }),
    ],
    [
      'the same, refused',
      true,
      auditEntry({ ...LEASE, principal: 'system:serviceaccount:argocd:controller', code: 7 }),
    ],
    ['a renewal of a lease by nobody', true, auditEntry({ ...LEASE, principal: 'system:anonymous' })],
    [
      'a lease deleted by a workload',
      true,
      auditEntry({ ...LEASE, verb: 'delete', principal: 'system:serviceaccount:a:b' }),
    ],
    [
      "the autoscaler's status",
      false,
      auditEntry({
        verb: 'update',
        resource: 'configmaps',
        namespace: 'kube-system',
        name: 'cluster-autoscaler-status',
        principal: 'system:cluster-autoscaler',
      }),
    ],
    [
      'the settings of the DNS',
      true,
      auditEntry({ verb: 'update', resource: 'configmaps', namespace: 'kube-system', name: 'kube-dns' }),
    ],
    [
      'the state of a node',
      false,
      auditEntry({ verb: 'patch', resource: 'nodes', subresource: 'status', name: 'n', principal: NODE }),
    ],
    [
      'a token that a node asks for',
      false,
      auditEntry({
        verb: 'create',
        resource: 'serviceaccounts',
        subresource: 'token',
        namespace: 'shop',
        name: 'cart',
        principal: NODE,
      }),
    ],
    [
      'the same by a person',
      true,
      auditEntry({
        verb: 'create',
        resource: 'serviceaccounts',
        subresource: 'token',
        namespace: 'shop',
        name: 'cart',
      }),
    ],
    ['a pod that is made', true, auditEntry({ verb: 'create', resource: 'pods', namespace: 'shop' })],
    [
      'a read by a node',
      false,
      auditEntry({ verb: 'list', resource: 'pods', log: 'data_access', principal: NODE, callerIp: '10.0.0.5' }),
    ],
    ['a read by a person', true, auditEntry({ verb: 'list', resource: 'pods', log: 'data_access' })],
    [
      'a VM that is stopped',
      false,
      adminEntry({ service: 'compute.googleapis.com', method: 'v1.compute.instances.stop' }),
    ],
    [
      'what our own functions write all day',
      false,
      adminEntry({
        service: 'pubsub.googleapis.com',
        method: 'google.pubsub.v1.Publisher.Publish',
        log: 'data_access',
        principal: 'firebreak-decide@p1.iam.gserviceaccount.com',
      }),
    ],
    [
      'what they do to a cluster',
      true,
      auditEntry({
        verb: 'patch',
        resource: 'pods',
        namespace: 'shop',
        name: 'cart-0',
        principal: 'firebreak-contain@p1.iam.gserviceaccount.com',
      }),
    ],
    [
      'an entry of another log that looks like one',
      false,
      { ...auditEntry({ verb: 'create', resource: 'pods', namespace: 'shop' }), logName: 'projects/p1/logs/mine' },
    ],
  ];
  for (const [what, expected, entry] of entries)
    it(`${expected ? 'exports' : 'drops'} ${what}`, () => assert.equal(isExported(FILTER, entry), expected));

  it('exports every entry of the scenarios and fixtures for which a rule fires', () => {
    const world = makeShop();
    const told = SCENARIOS.flatMap((scenario) => scenario.events(world, NOW))
      .filter(({ topic }) => topic === 'audit-log')
      .map(({ body }) => body);
    assert.ok(told.length > 0);
    const fixtures = ['gke-audit-log', 'admin-audit-log'].flatMap((source) => PAYLOADS[source] ?? []);
    for (const entry of [...told, ...fixtures]) {
      assert.ok(evaluate(signalOfPayload(entry), NOW).length > 0);
      assert.ok(isExported(FILTER, entry), JSON.stringify(entry));
    }
  });

  it('exports entries with any public address only if there are lists of addresses', () => {
    const stop = adminEntry({ service: 'compute.googleapis.com', method: 'v1.compute.instances.stop' });
    assert.equal(isExported(sinkFilter(RULES, { lists: true }), stop), true);
    assert.equal(isExported(sinkFilter(RULES, { lists: true }), auditEntry(LEASE)), false);
  });

  it('names the rules that need each part if asked to explain', () => {
    const explained = sinkFilter(RULES, { explained: true });
    for (const rule of RULES)
      if ((rule.reads === 'audit' || rule.reads === 'history') && rule.needsLists !== true)
        assert.match(explained, new RegExp(`^  -- .*\\b${rule.id}\\b`, 'm'));
    parseFilter(explained);
  });

  const detectorOf = (...filters: string[]) =>
    makeDetector(
      readRules(
        [
          'rules:',
          ...filters.map(
            (filter, n) =>
              `  - { id: mine-${n}, title: t, reads: audit, when: 'true', severity: low, confidence: 0.3, family: exec, because: b, filter: '${filter}' }`,
          ),
          "  - { id: without, title: t, reads: audit, when: 'true', severity: low, confidence: 0.3, family: exec, because: b }",
        ].join('\n'),
      ),
    );

  it('exports what custom rules need', () => {
    const stop = adminEntry({ service: 'compute.googleapis.com', method: 'v1.compute.instances.stop' });
    const { rules } = detectorOf('protoPayload.methodName=~"[.]instances[.]stop$"');
    assert.equal(isExported(sinkFilter(rules), stop), true);
  });

  it('throws Malformed if it is too long for Cloud Logging', () => {
    const { rules } = detectorOf(...['a', 'b', 'c', 'd', 'e'].map((field) => `${field}="${'x'.repeat(1900)}"`));
    assert.throws(() => sinkFilter(rules), Malformed);
    assert.doesNotThrow(() => sinkFilter(rules, { explained: true }));
  });
});

describe('the filter of the alert', () => {
  const filter = alertFilter(RULES);

  it('exports evidence that may be conclusive, and leaves frequent writes to the sink', () => {
    const exec = auditEntry({ verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'a' });
    const rollout = auditEntry({ verb: 'patch', resource: 'deployments', group: 'apps', namespace: 'shop', name: 'a' });
    assert.equal(isExported(filter, exec), true);
    assert.equal(isExported(filter, rollout), false);
    assert.equal(isExported(FILTER, rollout), true);
  });

  it('is short enough for an alerting policy', () => {
    assert.ok(filter.length < 4000, String(filter.length));
  });
});

describe('heartbeats', () => {
  it('are the same to the rules and to the sink', () => {
    const principals = [NODE, 'system:serviceaccount:a:b', 'system:anonymous', 'ana@example.com', null];
    let dropped = 0;
    for (const principal of principals)
      for (const verb of ['update', 'patch', 'create', 'delete', 'get'])
        for (const code of [0, 7, 10, 16])
          for (const change of [{}, { resource: 'pods' }, { group: 'example.com' }, { actingAs: 'system:masters' }]) {
            const entry = auditEntry({ ...LEASE, principal, verb, code, ...change });
            const quiet = isHeartbeat(signalOfPayload(entry));
            assert.equal(isExported(HEARTBEAT_FILTER, entry), quiet, JSON.stringify(entry));
            if (quiet) dropped += 1;
          }
    assert.equal(dropped, 12);
  });
});
