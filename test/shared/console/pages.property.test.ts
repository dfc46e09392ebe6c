import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { incidentPage } from '../../../shared/console/incident-page.ts';
import { listPage } from '../../../shared/console/list-page.ts';
import { pageText, type Surroundings } from '../../../shared/console/page.ts';
import { DEFAULT_POLICY } from '../../../shared/decision/policy.ts';
import { ruleOf } from '../../../shared/detection/registry.ts';
import type { Host } from '../../../shared/model/host.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { PodSubject } from '../../../shared/model/subject.ts';
import { isolating, T0 } from '../views/fixtures.ts';

/** Fields whose values we write ourselves: words, times and numbers. All other fields hold foreign text. */
const OURS = new Set([
  'v',
  'id',
  'state',
  'severity',
  'at',
  'startedAt',
  'endedAt',
  'deadline',
  'openedAt',
  'firstAt',
  'lastAt',
  'from',
  'until',
  'closesAt',
  'createdAt',
  'addedAt',
  'firstSeenAt',
  'publishedAt',
  'step',
  'tier',
  'verdict',
  'plan',
  'policyHash',
  'mode',
  'kind',
  'family',
  'source',
  'rule',
  'proof',
  'action',
  'uid',
  'project',
  'zone',
  'host',
]);

/** The document with every foreign text replaced by `text`. */
const rewritten = <T>(value: T, text: string, key = ''): T => {
  if (typeof value === 'string') return (OURS.has(key) ? value : text) as T;
  if (Array.isArray(value)) return value.map((one) => rewritten(one, text, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rewritten(one, text, name)])) as T;
};

const at = isolating().openedAt;
const pod: PodSubject = {
  kind: 'pod',
  uid: '6f1c0b52-9a1e-4c7e-8d57-0c3b7a5d1e01',
  namespace: 'shop',
  namespaceUid: 'ns',
  name: 'cart-7d9f',
  createdAt: at,
  owners: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', uid: 'd1' }],
  host: { id: '4512345678901234567', node: 'gke-c1-a', nodeUid: 'n' },
  hostNetwork: true,
  hostReach: true,
  windows: false,
  addedAt: at,
};
const incident: Incident = {
  ...isolating(),
  subjects: [pod],
  held: { because: 'the budget is used up', at },
  journal: isolating().journal.map((e) => ({
    ...e,
    before: { note: 'before', deep: { note: 'more' } },
    operation: 'operation-1',
  })),
};
const host: Host = {
  v: 1,
  rev: 1,
  writer: '',
  id: '4512345678901234567',
  instance: '4512345678901234567',
  node: 'gke-c1-a',
  holders: [],
  journal: incident.journal.map((e) => ({ ...e, before: { pods: ['shop/web-1', 'shop/web-2'] } })),
};
const asked = {
  v: 1 as const,
  rev: 1,
  writer: '',
  id: 'r1',
  request: { action: 'halt' as const, reason: 'why', requestedBy: 'ana@example.com' },
  publishedAt: at,
  firstSeenAt: at,
  state: 'refused' as const,
  outcome: 'no',
};
const exhibit = {
  serviceAccount: 'shop/cart',
  bindings: [{ kind: 'RoleBinding', name: 'x' }],
  secrets: [{ name: 'cart-db' }],
  node: [{ email: 'a@b', scopes: ['scope'] }],
  unread: ['the VM'],
  revoke: [{ ends: 'all', command: 'kubectl delete' }],
};

const pagesOf = (text: string): string => {
  const one = rewritten(incident, text);
  const request = rewritten(asked, text);
  const around: Surroundings = {
    project: 'p1',
    operator: { email: text, by: 'on this machine' },
    stranger: undefined,
    now: T0 + 100_000,
    halt: rewritten({ v: 1 as const, rev: 1, writer: '', halted: true, at, by: 'bob', reason: 'why' }, text),
    formToken: 'a',
    newId: () => 'b',
    answer: { id: 'r1', record: request },
    signature: 's',
    version: 'v',
  };
  const facts = {
    incident: one,
    hosts: new Map([[host.id, rewritten(host, text)]]),
    requests: [request],
    moreRequests: true,
    valid: [
      { pod: text, exhibit: rewritten(exhibit, text) },
      { pod: text, unread: text },
    ],
    policy: DEFAULT_POLICY,
    policyHash: 'x',
    ruleOf,
  };
  const filter = { state: undefined, search: '' };
  return (
    pageText(incidentPage(facts, around), around) +
    pageText(listPage({ incidents: [one], unread: [], more: [], filter, ruleOf }, around), around)
  );
};

/** The tags of a page with their attribute names: what a browser makes of the page apart from its texts. */
const skeletonOf = (page: string): string[] =>
  [...page.matchAll(/<(\/?[a-zA-Z!][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*>/g)].map(
    ([, tag, attributes]) => `${tag}${(attributes ?? '').replaceAll(/="[^"]*"/g, '')}`,
  );

describe('the pages of the console', () => {
  it('have the same tags, whatever foreign text an incident contains', () => {
    // Contains a space, so that no grammar accepts it as a name, as commands are made only of names.
    const plain = pagesOf('w w');
    const expected = skeletonOf(plain);
    assert.ok(expected.length > 400, String(expected.length));
    const marks = [
      '<',
      '>',
      '"',
      "'",
      '&',
      '`',
      '=',
      '/',
      '\u202e',
      '\u0000',
      '\ud800',
      ' onload=',
      'script',
      '-->',
      '<!--',
      ']]>',
      '\n',
    ];
    const hostile = fc.array(fc.oneof(fc.constantFrom(...marks), fc.string({ unit: 'binary', maxLength: 5 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(hostile, (parts) => {
        const page = pagesOf(`w w${parts.join('')}`);
        assert.deepEqual(skeletonOf(page), expected);
        // No further `<` or quote is left besides those of the tags.
        assert.equal(page.split('<').length, plain.split('<').length);
        assert.equal(page.split('"').length, plain.split('"').length);
      }),
      { numRuns: 60 },
    );
  });
});
