import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { controlsBySelector, isBuiltIn, isBuiltInController, mayControl } from '../../../shared/kubernetes/built-in.ts';
import { rightsOf } from '../../../shared/kubernetes/rbac-roles.ts';

describe('kubernetes/built-in', () => {
  it('knows exactly the controllers that decide may read', () => {
    const { everywhere } = rightsOf('decide', []);
    const readable = everywhere
      .flatMap(({ apiGroups, resources }) => resources.map((resource) => `${apiGroups[0]}/${resource}`))
      .filter((one) => !/^\/(pods|nodes|namespaces)$/.test(one));
    const kinds = ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet', 'CronJob', 'Job', 'ReplicationController'];
    const versions = ['v1', 'apps/v1', 'batch/v1', 'x.example.com/v1'];
    const known = versions.flatMap((apiVersion) =>
      kinds.filter((kind) => isBuiltInController({ apiVersion, kind })).map((kind) => `${apiVersion}/${kind}`),
    );
    assert.deepEqual(
      known.map((one) => `${one.toLowerCase().replace(/\/?v1\//, '/')}s`).toSorted(),
      readable.toSorted(),
    );
    for (const kind of ['Pod', 'Secret', 'Node']) assert.equal(isBuiltInController({ apiVersion: 'v1', kind }), false);
  });

  const kindOf = (apiVersion: string, kind: string) => ({ apiVersion, kind });
  const POD = kindOf('v1', 'Pod');
  const CUSTOM = kindOf('shop.example.com/v1', 'Canary');

  it('counts groups without a dot and those of Kubernetes as built in, and no other', () => {
    for (const version of ['v1', 'apps/v1', 'batch/v1', 'rbac.authorization.k8s.io/v1', 'networking.k8s.io/v1'])
      assert.equal(isBuiltIn(kindOf(version, 'X')), true, version);
    for (const version of ['shop.example.com/v1', 'jobset.x-k8s.io/v1', 'networking.k8s.io.example.com/v1'])
      assert.equal(isBuiltIn(kindOf(version, 'X')), false, version);
  });

  it('lets a built-in kind control only what it makes, and a custom kind anything', () => {
    const pairs: Array<[ReturnType<typeof kindOf>, ReturnType<typeof kindOf>]> = [
      [kindOf('apps/v1', 'ReplicaSet'), POD],
      [kindOf('apps/v1', 'DaemonSet'), POD],
      [kindOf('apps/v1', 'StatefulSet'), POD],
      [kindOf('batch/v1', 'Job'), POD],
      [kindOf('v1', 'ReplicationController'), POD],
      [kindOf('apps/v1', 'Deployment'), kindOf('apps/v1', 'ReplicaSet')],
      [kindOf('batch/v1', 'CronJob'), kindOf('batch/v1', 'Job')],
      [CUSTOM, POD],
      [CUSTOM, kindOf('apps/v1', 'Deployment')],
    ];
    for (const [owner, owned] of pairs)
      assert.equal(mayControl(owner, owned), true, `${owner.kind} over ${owned.kind}`);
    const never: typeof pairs = [
      [kindOf('apps/v1', 'Deployment'), POD],
      [kindOf('batch/v1', 'CronJob'), POD],
      [kindOf('v1', 'Secret'), POD],
      [kindOf('v1', 'Node'), POD],
      [kindOf('apps/v1', 'ReplicaSet'), kindOf('batch/v1', 'Job')],
      [kindOf('apps/v1', 'Job'), POD],
    ];
    for (const [owner, owned] of never)
      assert.equal(mayControl(owner, owned), false, `${owner.kind} over ${owned.kind}`);
  });

  it('knows that a CronJob alone does not know its own by a selector', () => {
    for (const [version, kind] of [
      ['apps/v1', 'Deployment'],
      ['apps/v1', 'ReplicaSet'],
      ['apps/v1', 'DaemonSet'],
      ['apps/v1', 'StatefulSet'],
      ['batch/v1', 'Job'],
      ['v1', 'ReplicationController'],
    ] as const)
      assert.equal(controlsBySelector(kindOf(version, kind)), true, kind);
    assert.equal(controlsBySelector(kindOf('batch/v1', 'CronJob')), false);
    assert.equal(controlsBySelector(CUSTOM), false);
  });
});
