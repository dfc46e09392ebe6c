import { strict as assert } from 'node:assert';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import { Malformed } from '../../../shared/errors.ts';
import { kubernetesAudit } from '../../../shared/sources/kubernetes-audit.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { NOW, signalOfPayload } from '../../fixtures/signals.ts';

const EVENT = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Metadata',
  auditID: '5f0c7d9a-0a86-4e62-93f2-6f6f0c6b2a10',
  stage: 'ResponseComplete',
  requestURI:
    '/api/v1/namespaces/shop/pods/cart-0/exec?command=sh&command=-c&command=id%20-u&container=app&stdout=true',
  verb: 'create',
  user: { username: 'ana@example.com', groups: ['system:authenticated'] },
  sourceIPs: ['203.0.113.7', '10.0.0.1'],
  userAgent: 'kubectl/v1.33.2',
  objectRef: { resource: 'pods', namespace: 'shop', name: 'cart-0', apiVersion: 'v1', subresource: 'exec' },
  responseStatus: { code: 101 },
  requestReceivedTimestamp: '2026-03-02T10:15:30.250111Z',
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
};

describe('a Kubernetes audit event', () => {
  it('is read like an audit entry, in the place that the reader names', () => {
    const place = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
    const { signal } = readPayload(EVENT, { now: NOW, place });
    assert.equal(signal?.kind, 'audit');
    assert.deepEqual(signal.place, place);
    assert.deepEqual(signal.doubts, []);
    assert.equal(signal.at, '2026-03-02T10:15:30.250Z');
    assert.equal(signal.outcome, 'ok');
    assert.equal(signal.callerIp, '203.0.113.7');
    assert.deepEqual(signal.command, { line: 'sh -c id -u', truncated: false });
    assert.deepEqual(signal.call, {
      group: 'core',
      version: 'v1',
      resource: 'pods',
      verb: 'create',
      namespace: 'shop',
      name: 'cart-0',
      subresource: 'exec',
    });
  });

  const asked = (parts: object) =>
    evaluate(signalOfPayload({ ...EVENT, objectRef: undefined, responseStatus: { code: 200 }, ...parts }), NOW).map(
      ({ rule }) => rule,
    );

  it('tells of a dry run, by which nothing is written or deleted', () => {
    const written = (query: string) =>
      asked({
        verb: 'patch',
        requestURI: `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/ops${query}`,
        requestObject: { roleRef: { name: 'cluster-admin' }, subjects: [{ kind: 'User', name: 'eve@example.com' }] },
      });
    const deleted = (dryRun?: string[]) =>
      asked({
        verb: 'delete',
        requestURI: '/api/v1/namespaces/shop',
        requestObject: { kind: 'DeleteOptions', dryRun },
      });
    assert.deepEqual(written(''), ['cluster-admin-binding']);
    assert.deepEqual(written('?fieldManager=kubectl&dryRun=All'), []);
    assert.deepEqual(deleted(), ['destructive-delete']);
    assert.deepEqual(deleted(['All']), []);
  });

  it('counts a deletion whose URI alone asks for a dry run, since the server reads no options there beside a body', () => {
    const deleted = { verb: 'delete', requestURI: '/api/v1/namespaces/shop?dryRun=All' };
    for (const requestObject of [{ kind: 'DeleteOptions', gracePeriodSeconds: 0 }, undefined])
      assert.deepEqual(asked({ ...deleted, requestObject }), ['destructive-delete']);
  });

  it('counts an exec that asks for a dry run, since the server runs it', () => {
    const uri = '/api/v1/namespaces/shop/pods/cart-0/exec?command=id&dryRun=All';
    const found = evaluate(signalOfPayload({ ...EVENT, requestURI: uri }), NOW);
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['exec-into-pod'],
    );
  });

  it('has a doubt if nobody names its project', () => {
    const signal = signalOfPayload(EVENT);
    assert.deepEqual(signal.place, { project: 'unknown-project' });
    assert.equal(signal.doubts.length, 1);
  });

  it('is one event in all its stages', () => {
    assert.equal(signalOfPayload({ ...EVENT, stage: 'ResponseStarted' }).event, signalOfPayload(EVENT).event);
    const reading = readPayload({ ...EVENT, stage: 'RequestReceived' }, { now: NOW });
    assert.equal(reading.signal, undefined);
    assert.match(reading.because, /RequestReceived does not tell what came of the request/);
  });

  it('is an Event of the audit group only: an event of another kind or group is not read as a call', () => {
    const [id, uri] = [{ auditID: 'a-1' }, { requestURI: '/api/v1/namespaces/shop/pods' }];
    assert.ok(kubernetesAudit.recognises({ kind: 'Event', ...id }));
    assert.ok(kubernetesAudit.recognises({ kind: 'Event', ...uri }));
    assert.ok(!kubernetesAudit.recognises({ kind: 'Event' }));
    assert.ok(!kubernetesAudit.recognises({ kind: 'Policy', ...id, ...uri }));
    assert.ok(!kubernetesAudit.recognises({ kind: 'Event', apiVersion: 'v1', ...id, ...uri }));
  });

  it('is read from its URI if it does not say more', () => {
    const signal = signalOfPayload({
      kind: 'Event',
      http: { method: 'POST' },
      requestURI: '/apis/batch/v1/namespaces/shop/jobs',
    });
    assert.equal(signal.call?.verb, 'create');
    assert.equal(signal.call?.resource, 'jobs');
    assert.equal(signal.principalClass, 'unattributed');
  });

  it('keeps all that rules and people read: who, as whom, from where, and what the server said to it', () => {
    const { event, ...signal } = signalOfPayload({
      ...EVENT,
      verb: 'Patch',
      requestURI: '/apis/apps/v1/namespaces/shop/deployments/cart/scale?fieldManager=x',
      objectRef: {
        resource: 'deployments',
        namespace: 'shop',
        name: 'cart',
        apiGroup: 'apps',
        apiVersion: 'v1',
        subresource: 'scale',
      },
      impersonatedUser: { username: 'system:admin' },
      requestObject: { spec: { replicas: 0 } },
      responseObject: { kind: 'Scale' },
      responseStatus: { code: 403, message: 'no' },
      annotations: { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': 'no role' },
    });
    assert.match(event, /^[0-9a-f]{32}$/);
    assert.deepEqual(signal, {
      kind: 'audit',
      source: 'kubernetes-audit',
      at: '2026-03-02T10:15:30.250Z',
      service: 'k8s.io',
      method: 'apps.v1.deployments.scale.Patch',
      call: {
        group: 'apps',
        version: 'v1',
        resource: 'deployments',
        verb: 'patch',
        namespace: 'shop',
        name: 'cart',
        subresource: 'scale',
      },
      place: { project: 'unknown-project' },
      principal: 'ana@example.com',
      principalClass: 'human',
      actingAs: 'system:admin',
      callerIp: '203.0.113.7',
      userAgent: 'kubectl/v1.33.2',
      status: { code: 7, message: 'no' },
      outcome: 'denied',
      authorization: { decision: 'forbid', reason: 'no role' },
      request: { spec: { replicas: 0 } },
      response: { kind: 'Scale' },
      labels: { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': 'no role' },
      partial: false,
      doubts: ['the event names no project: unknown-project stands in'],
    });
  });

  it('is of the group of administrators, whatever name is impersonated with it', () => {
    const as = (impersonatedUser: object) => {
      const signal = signalOfPayload({ ...EVENT, impersonatedUser });
      return signal.kind === 'audit' ? signal.actingAs : undefined;
    };
    assert.equal(as({ username: 'bo', groups: ['system:authenticated', 'system:masters'] }), 'system:masters');
    assert.equal(as({ username: 'bo', groups: ['system:authenticated', 'masters'] }), 'bo');
    assert.equal(as({ groups: 'system:masters' }), undefined);
  });

  it('has no field for what it does not say, and gets the rest from its URI', () => {
    const requestURI = '/api/v1/namespaces/shop/services/cart:80/proxy/admin&command=id';
    const bare = { kind: 'Event', requestURI, http: { method: 'DELETE', status_code: 404 } };
    const { event, ...signal } = signalOfPayload({ ...bare, timestamp: '2026-03-02T10:15:30Z' });
    assert.deepEqual(signal, {
      kind: 'audit',
      source: 'kubernetes-audit',
      at: '2026-03-02T10:15:30.000Z',
      service: 'k8s.io',
      method: 'core.v1.services.proxy.delete',
      call: {
        group: 'core',
        version: 'v1',
        resource: 'services',
        verb: 'delete',
        namespace: 'shop',
        name: 'cart:80',
        subresource: 'proxy',
        rest: 'admin&command=id',
      },
      place: { project: 'unknown-project' },
      principalClass: 'unattributed',
      status: { code: 5 },
      outcome: 'failed',
      labels: {},
      partial: false,
      doubts: ['the event names no project: unknown-project stands in'],
    });
    assert.notEqual(signalOfPayload({ ...bare, stageTimestamp: '2026-03-02T10:15:31Z' }).event, event);
    assert.equal(signalOfPayload({ ...bare, stageTimestamp: '2026-03-02T10:15:31Z' }).at, '2026-03-02T10:15:31.000Z');
    assert.match(signalOfPayload(bare).doubts[0] ?? '', /no readable time/);
    assert.equal(signalOfPayload({ ...bare, http: { method: 'GET' } }).call?.verb, 'get');
    assert.equal(signalOfPayload({ ...EVENT, objectRef: undefined, requestURI: '/readyz' }).call, undefined);
    const named = { resource: 'pods', namespace: 'shop', name: 'cart-0', subresource: 'exec' };
    const { call } = signalOfPayload({ ...EVENT, objectRef: named, requestURI: undefined });
    assert.deepEqual(call, { ...named, group: 'core', version: 'v1', verb: 'create' });
  });

  it('says of a command in an URI that is longer than what is read that it is cut off', () => {
    const requestURI = `/api/v1/namespaces/shop/pods/cart-0/exec?command=${'a'.repeat(70_000)}&command=-e`;
    const { command } = signalOfPayload({ ...EVENT, requestURI });
    assert.equal(command?.truncated, true);
    assert.match(command.line, /^a{60000,64000}$/);
  });

  it('takes its outcome from the HTTP status', () => {
    const outcome = (code: number): string => signalOfPayload({ ...EVENT, responseStatus: { code } }).outcome;
    assert.deepEqual([101, 200, 201, 401, 403, 404, 409, 500].map(outcome), [
      'ok',
      'ok',
      'ok',
      'denied',
      'denied',
      'failed',
      'failed',
      'failed',
    ]);
    assert.equal(signalOfPayload({ ...EVENT, stage: 'Panic' }).outcome, 'failed');
  });

  it('is malformed without a verb', () => {
    assert.throws(() => signalOfPayload({ kind: 'Event', requestURI: '/api/v1/pods' }), Malformed);
  });
});
