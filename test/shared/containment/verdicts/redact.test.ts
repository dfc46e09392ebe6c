import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { redactMetadata } from '../../../../shared/containment/verdicts/redact.ts';

describe('containment/verdicts/redact', () => {
  it('replaces values that may hold a secret by their hash, and keeps all keys and the other values', () => {
    const kept = {
      'cluster-name': 'c1',
      'created-by': 'projects/1/zones/z/instanceGroupManagers/g',
      'gke-nodepool': 'p',
    };
    const secret = [
      'kube-env',
      'kubelet-config',
      'ssh-keys',
      'startup-script',
      'user-data',
      'my-api-token',
      'DB_PASSWORD',
    ];
    const items = { ...kept, ...Object.fromEntries(secret.map((key) => [key, 'hunter2'])) };
    const redacted = redactMetadata(items);
    assert.deepEqual(Object.keys(redacted), Object.keys(items));
    for (const [key, value] of Object.entries(kept)) assert.equal(redacted[key], value);
    for (const key of secret) assert.match(redacted[key] ?? '', /^redacted, sha256:[0-9a-f]{64}$/, key);
  });

  it('gives equal hashes for equal values only, and reveals no value', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string({ minLength: 8 }), (a, b) => {
        const [first, second] = [redactMetadata({ 'kube-env': a }), redactMetadata({ 'kube-env': b })];
        assert.equal(first['kube-env'] === second['kube-env'], a === b);
        assert.equal(first['kube-env']?.includes(a), false);
      }),
    );
  });
});
