import { strict as assert } from 'node:assert';
import { evaluate } from '../../../../shared/detection/evaluate.ts';
import { unloggedSpec } from '../../../../shared/detection/rules/unlogged-spec.ts';
import { NOW, signalOfPayload } from '../../../fixtures/signals.ts';
import { ruleCases } from '../cases.ts';

const TRUNCATED = { 'audit.k8s.io/truncated': 'true' };
const BASE = { verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart-0', labels: TRUNCATED };

describe('rule unlogged-spec', () => {
  ruleCases(unloggedSpec, BASE, {
    fires: [
      ['a template', { resource: 'deployments', group: 'apps', name: 'cart', verb: 'patch' }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.3 }],
    ],
    misses: [
      ['an entry that is whole', { labels: {} }],
      ['a log that holds no bodies for another reason', { labels: { 'audit.k8s.io/truncated': 'false' } }],
      ['what the request shows', { request: { spec: {} } }],
      ['the status', { subresource: 'status', verb: 'patch' }],
      ['an ephemeral container', { subresource: 'ephemeralcontainers', verb: 'patch' }],
      ['another kind', { resource: 'configmaps' }],
      [
        'a pod that a controller makes: its template was seen',
        { principal: 'system:serviceaccount:kube-system:replicaset-controller' },
      ],
    ],
  });

  it('reads the mark in the events of an API server, too', () => {
    const signal = signalOfPayload({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      stage: 'ResponseComplete',
      verb: 'create',
      requestURI: '/api/v1/namespaces/shop/pods',
      user: { username: 'mallory@example.com' },
      annotations: TRUNCATED,
    });
    const [found] = evaluate(signal, NOW, [unloggedSpec]);
    assert.match(found?.because.join() ?? '', /what runs there is not known/);
  });
});
