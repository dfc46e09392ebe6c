import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { isBuiltInController } from '../../../shared/kubernetes/built-in.ts';
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
});
