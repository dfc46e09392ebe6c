import { strict as assert } from 'node:assert';
import { secretsOf } from '../../../../shared/containment/verdicts/secrets.ts';
import { kubeObject } from './objects.ts';

describe('containment/verdicts/secrets', () => {
  it('names every Secret once, with every way in which the pod uses it', () => {
    const spec = {
      volumes: [
        { name: 'tls', secret: { secretName: 'cert' } },
        { name: 'all', projected: { sources: [{ secret: { name: 'cert' } }, { configMap: { name: 'no' } }] } },
      ],
      imagePullSecrets: [{ name: 'registry' }],
      initContainers: [{ name: 'i', envFrom: [{ secretRef: { name: 'db' } }] }],
      containers: [
        {
          name: 'c',
          env: [
            { name: 'DB', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
            { name: 'PLAIN', value: 'x' },
          ],
        },
      ],
      ephemeralContainers: [{ name: 'e', env: [{ valueFrom: { secretKeyRef: { name: 'debug' } } }] }],
    };
    assert.deepEqual(secretsOf(kubeObject('Pod', {}, spec)), [
      { name: 'cert', by: ['volume tls', 'volume all'] },
      { name: 'db', by: ['envFrom', 'env DB'] },
      { name: 'debug', by: ['env '] },
      { name: 'registry', by: ['imagePullSecrets'] },
    ]);
  });

  it('finds no Secret in a malformed pod spec, and does not throw', () => {
    for (const spec of [
      { volumes: 'none' },
      { containers: [null, 3, { env: {} }] },
      { containers: [{ env: [{ valueFrom: [] }] }] },
    ])
      assert.deepEqual(secretsOf(kubeObject('Pod', {}, spec)), []);
  });
});
