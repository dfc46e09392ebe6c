import { strict as assert } from 'node:assert';
import { networksBeside } from '../../../../shared/containment/verdicts/pod-networks.ts';
import type { KubeObject } from '../../../../shared/kubernetes/object.ts';

const pod = (annotations?: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'p',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-03-02T03:00:00Z',
    ...(annotations === undefined ? {} : { annotations }),
  },
});

describe('containment/verdicts/pod-networks', () => {
  it('names the networks of a pod beside the pod network, and what it cannot read as it stands', () => {
    const named = (annotations?: Record<string, string>) => networksBeside(pod(annotations));
    assert.deepEqual(named(), []);
    assert.deepEqual(named({ 'k8s.v1.cni.cncf.io/networks': ' ', 'networking.gke.io/interfaces': '' }), []);
    assert.deepEqual(named({ 'k8s.v1.cni.cncf.io/networks': 'a, b@net1' }), ['a, b@net1']);
    const gke = 'networking.gke.io/interfaces';
    assert.deepEqual(named({ [gke]: '[{"network":"default"},{"network":"blue"},{"network":"red"}]' }), ['blue', 'red']);
    assert.deepEqual(named({ [gke]: '{"network":\n"blue"}' }), ['{"network": "blue"}']);
    assert.equal(named({ [gke]: 'x'.repeat(1_000) })[0]?.length, 200);
  });
});
