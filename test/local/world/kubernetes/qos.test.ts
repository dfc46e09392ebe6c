import { strict as assert } from 'node:assert';
import { qosClassOf } from '../../../../local/world/kubernetes/qos.ts';

const of = (...resources: unknown[]) => qosClassOf({ containers: resources.map((one) => ({ resources: one })) });
const BOTH = { cpu: '500m', memory: '1Gi' };

describe('local/world/kubernetes/qos', () => {
  it('derives the class of a pod from the requests and limits of its containers', () => {
    assert.equal(of({}), 'BestEffort');
    assert.equal(qosClassOf({ containers: [{}] }), 'BestEffort');
    assert.equal(of({ limits: BOTH }), 'Guaranteed');
    assert.equal(of({ limits: BOTH, requests: BOTH }, { limits: BOTH }), 'Guaranteed');
    assert.equal(of({ limits: BOTH, requests: { cpu: '100m' } }), 'Burstable');
    assert.equal(of({ requests: BOTH }), 'Burstable');
    assert.equal(of({ limits: { cpu: '1' } }), 'Burstable');
    assert.equal(of({ limits: BOTH }, {}), 'Burstable');
    assert.equal(qosClassOf({ initContainers: [{}], containers: [{ resources: { limits: BOTH } }] }), 'Burstable');
  });
});
