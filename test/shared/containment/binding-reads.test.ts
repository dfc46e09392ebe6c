import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { bindingReads } from '../../../shared/containment/binding-reads.ts';
import { Transient } from '../../../shared/errors.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { ClusterReader, Clusters } from '../../../shared/ports.ts';

const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const bound = (kind: string, name: string, account: string, namespace?: string): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: {
    name,
    uid: name,
    resourceVersion: '1',
    creationTimestamp: '2026-03-02T03:00:00Z',
    ...(namespace === undefined ? {} : { namespace }),
  },
  subjects: [{ kind: 'ServiceAccount', name: account, namespace: 'shop' }],
});
const BINDINGS = [
  bound('RoleBinding', 'cart-reader', 'cart', 'shop'),
  bound('RoleBinding', 'web-reader', 'web', 'shop'),
  bound('ClusterRoleBinding', 'cart-admin', 'cart'),
  bound('ClusterRoleBinding', 'web-viewer', 'web'),
];

/** The reads of a cluster with these bindings, the lists that were read, and what the next list answers. */
const reading = () => {
  const seen = { now: 0, lists: [] as string[], fails: false };
  const each: ClusterReader['each'] = async ({ kind, namespace }, look) => {
    seen.lists.push([kind, namespace].join(' ').trim());
    if (seen.fails) throw new Transient('no answer');
    for (const one of BINDINGS.filter((b) => b.kind === kind && b.metadata.namespace === namespace)) await look([one]);
    return undefined;
  };
  const none = () => assert.fail('bindings are read page by page');
  const clusters: Pick<Clusters, 'reader'> = { reader: () => ({ each, get: none, list: none, log: none }) };
  const ask = bindingReads(clusters, { now: () => seen.now });
  const names = async (account: string) => (await ask(CLUSTER, 'shop', account)).map(({ metadata }) => metadata.name);
  return { seen, names };
};

describe('the bindings of an account', () => {
  it('are those of its namespace and of the whole cluster', async () => {
    const { seen, names } = reading();
    assert.deepEqual(await names('cart'), ['cart-reader', 'cart-admin']);
    assert.deepEqual(await names('web'), ['web-reader', 'web-viewer']);
    assert.deepEqual(seen.lists.toSorted().slice(0, 2), ['ClusterRoleBinding', 'ClusterRoleBinding']);
  });

  it('are read once for those who ask at a time or within a second, and again after it', async () => {
    const { seen, names } = reading();
    await Promise.all([names('cart'), names('cart')]);
    seen.now = 999;
    await names('cart');
    assert.equal(seen.lists.length, 2);
    seen.now = 1_000;
    await names('cart');
    assert.equal(seen.lists.length, 4);
  });

  it('are read again at once where they could not be', async () => {
    const { seen, names } = reading();
    seen.fails = true;
    await assert.rejects(Promise.all([names('cart'), names('cart')]), Transient);
    seen.fails = false;
    assert.deepEqual(await names('cart'), ['cart-reader', 'cart-admin']);
  });
});
