import { strict as assert } from 'node:assert';
import { auditEntry } from '../../../../local/scenarios/audit-entry.ts';
import { evaluate } from '../../../../shared/detection/evaluate.ts';
import { nodeProxy } from '../../../../shared/detection/rules/node-proxy.ts';
import type { Finding } from '../../../../shared/model/finding.ts';
import { NOW, signalOfPayload } from '../../../fixtures/signals.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'create', resource: 'nodes', name: 'gke-c1-pool-1-9d8e7f6a-c1', subresource: 'proxy' };

const findingsOn = (verb: string, path: string): Finding[] => {
  const entry = auditEntry({ ...BASE, verb });
  const protoPayload = Object(entry.protoPayload);
  const resourceName = `core/v1/nodes/${BASE.name}/proxy/${path}`;
  return evaluate(signalOfPayload({ ...entry, protoPayload: { ...protoPayload, resourceName } }), NOW, [nodeProxy]);
};

/** The number of findings for a call with a path of the kubelet. */
const onPath = (verb: string, path: string): number => findingsOn(verb, path).length;

describe('rule node-proxy', () => {
  ruleCases(nodeProxy, BASE, {
    fires: [
      ['read', { verb: 'get' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
    ],
    misses: [
      ['the node itself', { subresource: undefined, verb: 'get' }],
      ['a proxy of a Service', { resource: 'services', namespace: 'shop' }],
      ['no such node', { code: 5 }],
    ],
  });

  it('names the pod in which the kubelet runs a command', () => {
    const targets = (path: string) => findingsOn('create', path).map(({ target }) => [target.namespace, target.pod]);
    assert.deepEqual(targets('run/shop/cart-0/app'), [['shop', 'cart-0']]);
    assert.deepEqual(targets('exec/shop/cart-0/0b6b1f7e/app'), [['shop', 'cart-0']]);
    assert.deepEqual(targets('run/shop/A_b/app'), [[undefined, undefined]]);
    assert.deepEqual(targets('pods'), [[undefined, undefined]]);
  });

  it('does not fire on reads of monitoring paths', () => {
    for (const path of ['metrics/cadvisor', 'metrics', 'stats/summary', 'healthz', 'livez', 'configz']) {
      assert.equal(onPath('get', path), 0, path);
      assert.equal(onPath('create', path), 1, path);
    }
    for (const path of ['pods', 'exec/shop/cart-0/app', 'run/shop/cart-0/app', 'logs/', 'metricsx']) {
      assert.equal(onPath('get', path), 1, path);
    }
  });
});
