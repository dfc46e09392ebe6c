import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeOwnersOf, type Owners } from '../../../shared/decision/owners.ts';
import { Denied } from '../../../shared/errors.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';

type Named = { apiVersion: string; kind: string; name: string };
type Given = Named & { labels?: Record<string, string>; selector?: unknown; by?: Named & { uid?: string } };

const uidOf = ({ kind, name }: Pick<Named, 'kind' | 'name'>): string => `${kind}-${name}`;

const object = ({ apiVersion, kind, name, labels, selector, by }: Given): KubeObject => ({
  apiVersion,
  kind,
  metadata: {
    name,
    namespace: 'shop',
    uid: uidOf({ kind, name }),
    resourceVersion: '1',
    creationTimestamp: '2026-03-02T02:00:00Z',
    ...(labels === undefined ? {} : { labels }),
    ...(by === undefined ? {} : { ownerReferences: [{ uid: uidOf(by), ...by, controller: true }] }),
  },
  ...(selector === undefined ? {} : { spec: { selector } }),
});

const is = (apiVersion: string, kind: string, name: string): Named => ({ apiVersion, kind, name });
const POD = is('v1', 'Pod', 'cart-1');
const SET = is('apps/v1', 'ReplicaSet', 'cart-7d9f');
const DEPLOYMENT = is('apps/v1', 'Deployment', 'cart');
const JOB = is('batch/v1', 'Job', 'report-1');
const CRON_JOB = is('batch/v1', 'CronJob', 'report');
const labels = { app: 'cart', 'pod-template-hash': '7d9f' };
const selector = { matchLabels: { app: 'cart' } };

/** `denied`: a kind whose reads are denied, the first `times` of them. */
const chainOf = async (
  pod: Given,
  others: Given[],
  denied?: string,
  times = Number.POSITIVE_INFINITY,
): Promise<Owners> => {
  let left = times;
  const all = others.map(object);
  const found = makeOwnersOf({
    get: async ({ apiVersion, kind, name }) => {
      if (kind === denied && left > 0) {
        left -= 1;
        throw new Denied('no');
      }
      return all.find((o) => o.apiVersion === apiVersion && o.kind === kind && o.metadata.name === name);
    },
    list: () => assert.fail('it lists nothing'),
    each: () => assert.fail('it lists nothing'),
    log: async () => undefined,
  });
  return found(object(pod));
};

describe('decision/owners', () => {
  it('reads a built-in controller again after a single denial, and ends the chain at the second', async () => {
    const others = [
      { ...SET, labels, selector: { matchLabels: labels }, by: DEPLOYMENT },
      { ...DEPLOYMENT, selector },
    ];
    const kinds = async (times: number): Promise<string[]> =>
      (await chainOf({ ...POD, labels, by: SET }, others, 'Deployment', times)).owners.map(({ kind }) => kind);
    assert.deepEqual(await kinds(1), ['ReplicaSet', 'Deployment']);
    assert.deepEqual(await kinds(2), ['ReplicaSet']);
  });

  const believed: Array<[string, Given[]]> = [
    [
      'a ReplicaSet of a Deployment',
      [
        { ...SET, labels, selector: { matchLabels: labels }, by: DEPLOYMENT },
        { ...DEPLOYMENT, selector },
      ],
    ],
    ['a StatefulSet', [{ ...is('apps/v1', 'StatefulSet', 'cart'), selector }]],
    [
      'a DaemonSet with expressions',
      [
        {
          ...is('apps/v1', 'DaemonSet', 'cart'),
          selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['cart', 'basket'] }] },
        },
      ],
    ],
    ['a ReplicationController', [{ ...is('v1', 'ReplicationController', 'cart'), selector: { app: 'cart' } }]],
    ['a Job of a CronJob', [{ ...JOB, selector, by: CRON_JOB }, CRON_JOB]],
    ['a custom kind', [is('x.example.com/v1', 'Rollout', 'cart')]],
    [
      'a custom kind over a Deployment',
      [
        { ...SET, labels, selector, by: DEPLOYMENT },
        { ...DEPLOYMENT, selector, by: is('x.example.com/v1', 'Shop', 'all') },
        is('x.example.com/v1', 'Shop', 'all'),
      ],
    ],
    ['a custom kind of a community', [is('jobset.x-k8s.io/v1alpha2', 'JobSet', 'cart')]],
  ];
  for (const [what, owners] of believed)
    it(`believes ${what}`, async () => {
      const [nearest] = owners;
      assert.ok(nearest !== undefined);
      const chain = await chainOf({ ...POD, labels, by: nearest }, owners);
      assert.deepEqual(chain, {
        owners: owners.map((one) => ({ ...is(one.apiVersion, one.kind, one.name), uid: uidOf(one) })),
      });
    });

  const evil = { app: 'evil' };
  const elsewhere: Array<[string, Given, Given[], RegExp]> = [
    [
      'a Deployment over a pod',
      { ...POD, labels, by: DEPLOYMENT },
      [{ ...DEPLOYMENT, selector }],
      /^it names Deployment cart as its controller, but a Deployment does not control a Pod: this reference is ignored$/,
    ],
    ['a CronJob over a pod', { ...POD, labels, by: CRON_JOB }, [CRON_JOB], /a CronJob does not control a Pod/],
    [
      'another pod',
      { ...POD, labels, by: is('v1', 'Pod', 'web-1') },
      [is('v1', 'Pod', 'web-1')],
      /a Pod does not control a Pod/,
    ],
    ['a Secret', { ...POD, labels, by: is('v1', 'Secret', 'quota') }, [], /a Secret does not control a Pod/],
    [
      'a policy of the cluster',
      { ...POD, labels, by: is('networking.k8s.io/v1', 'NetworkPolicy', 'firebreak-quarantine') },
      [],
      /a NetworkPolicy does not control a Pod/,
    ],
    [
      'a ReplicaSet of others',
      { ...POD, labels: evil, by: SET },
      [{ ...SET, labels, selector }],
      /^it names ReplicaSet cart-7d9f as its controller, whose selector does not match its labels: this reference is ignored$/,
    ],
    ['a Job of others', { ...POD, labels: evil, by: JOB }, [{ ...JOB, selector }], /whose selector does not match/],
    [
      'a StatefulSet without a selector',
      { ...POD, labels, by: is('apps/v1', 'StatefulSet', 'cart') },
      [{ ...is('apps/v1', 'StatefulSet', 'cart'), selector: {} }],
      /whose selector does not match/,
    ],
    [
      'a ReplicationController of others',
      { ...POD, labels: evil, by: is('v1', 'ReplicationController', 'cart') },
      [{ ...is('v1', 'ReplicationController', 'cart'), selector: { app: 'cart' } }],
      /whose selector does not match/,
    ],
    [
      'a name that none can have',
      { ...POD, labels, by: is('x.example.com/v1', 'Rollout', 'x'.repeat(600_000)) },
      [],
      /^it names Rollout x{252}… as its controller, with names that no object can have: this reference is ignored$/,
    ],
    [
      'a UID that none can have',
      { ...POD, labels, by: { ...is('x.example.com/v1', 'Rollout', 'x'), uid: 'u'.repeat(600_000) } },
      [],
      /with names that no object can have/,
    ],
  ];
  for (const [what, pod, others, sentence] of elsewhere)
    it(`does not believe ${what}, and treats the pod as its own workload`, async () => {
      const { disbelieved, ...chain } = await chainOf(pod, others);
      assert.deepEqual(chain, { owners: [] });
      assert.match(disbelieved ?? '', sentence);
    });

  it('ends the chain at a ReplicaSet that names a Deployment whose selector does not match it', async () => {
    const own = is('apps/v1', 'ReplicaSet', 'evil');
    const { owners, disbelieved } = await chainOf({ ...POD, labels: evil, by: own }, [
      { ...own, labels: evil, selector: { matchLabels: evil }, by: DEPLOYMENT },
      { ...DEPLOYMENT, selector },
    ]);
    assert.deepEqual(
      owners.map((o) => o.name),
      ['evil'],
    );
    assert.match(disbelieved ?? '', /^its ReplicaSet evil names Deployment cart as its controller, whose selector/);
  });

  it('keeps no built-in kind in the chain if that owner could not be read or is gone', async () => {
    const unread = await chainOf({ ...POD, labels, by: SET }, [{ ...SET, labels, selector }], 'ReplicaSet');
    assert.deepEqual(unread.owners, []);
    assert.match(unread.unread ?? '', /its ReplicaSet cart-7d9f cannot be read/);
    const gone = await chainOf({ ...POD, labels, by: SET }, []);
    assert.deepEqual(gone, {
      owners: [],
      unread: 'its ReplicaSet cart-7d9f does not exist, so the chain of controllers ends there',
    });
  });

  it('treats a pod whose labels were changed as no longer owned, as its controller will', async () => {
    const before = await chainOf({ ...POD, labels, by: SET }, [{ ...SET, labels, selector }]);
    const after = await chainOf({ ...POD, labels: { quarantine: 'true' }, by: SET }, [{ ...SET, labels, selector }]);
    assert.deepEqual([before.owners.length, after.owners.length], [1, 0]);
  });
});
