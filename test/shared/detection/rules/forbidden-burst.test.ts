import { strict as assert } from 'node:assert';
import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
import { forbiddenBurst } from '../../../../shared/detection/rules/forbidden-burst.ts';
import { historyCases, play, repeated } from '../history-cases.ts';

const FORBIDDEN: AuditEntryParts = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  code: 7,
  message: 'pods is forbidden',
};
const GET_ALL = [
  ...['pods', 'replicationcontrollers', 'services', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  ...['horizontalpodautoscalers', 'cronjobs', 'jobs'],
];
const QUOTAS: AuditEntryParts = {
  ...FORBIDDEN,
  namespace: 'quota-team',
  message: 'pods is forbidden: User "ana@example.com" cannot create resource "pods" in the namespace "quota-team"',
};
const of = (change: Partial<AuditEntryParts>) => repeated(12, 10, { ...FORBIDDEN, ...change });

describe('forbidden-burst', () => {
  historyCases(forbiddenBurst, {
    fires: [
      ['ten refusals in a minute and a half', repeated(10, 10, FORBIDDEN)],
      [
        'of different calls',
        repeated(10, 10, (n) => ({ ...FORBIDDEN, resource: n % 2 === 0 ? 'secrets' : 'roles', verb: 'list' })),
      ],
      [
        'nine looks around, and an attempt',
        [
          ...GET_ALL.slice(1).map((resource, n) => ({ s: n, ...FORBIDDEN, verb: 'list', resource })),
          { s: 20, ...FORBIDDEN },
        ],
      ],
      ['in a namespace that is called like a quota', repeated(10, 10, QUOTAS)],
      ['in such a one, where the log leaves out who answered', repeated(10, 10, { ...QUOTAS, decision: null })],
      ['that come in another order', repeated(10, 10, FORBIDDEN).toReversed()],
      [
        'after nine that are too old to count',
        [...repeated(9, 1, FORBIDDEN), ...repeated(10, 1, FORBIDDEN).map((one) => ({ ...one, s: one.s + 400 }))],
      ],
    ],
    misses: [
      ['by a program that asks for the same again and again', of({ principal: 'system:serviceaccount:shop:cart' })],
      [
        'by one that asks for two things',
        repeated(12, 10, (n) => ({
          ...FORBIDDEN,
          principal: 'system:serviceaccount:shop:cart',
          resource: n % 2 === 0 ? 'pods' : 'nodes',
        })),
      ],
      [
        'kubectl get all -A, by somebody who may see one namespace',
        GET_ALL.map((resource, n) => ({ s: n / 10, ...FORBIDDEN, verb: 'list', resource })),
      ],
      ['nine', repeated(9, 10, FORBIDDEN)],
      ['ten in six minutes', repeated(10, 40, FORBIDDEN)],
      ['of as many callers', repeated(12, 10, (n) => ({ ...FORBIDDEN, principal: `u${n}@example.com` }))],
      ['from as many addresses', repeated(12, 10, (n) => ({ ...FORBIDDEN, callerIp: `203.0.113.${n}` }))],
      ['by a quota', of({ decision: 'allow', message: 'pods "a" is forbidden: exceeded quota: pods, requested: 1' })],
      ['by a quota, where the log leaves out who answered', of({ decision: null, message: 'exceeded quota: pods' })],
      ['by admission, which authorization had let pass', of({ decision: 'allow', message: 'no' })],
      ['of the control plane', of({ principal: 'system:kube-controller-manager' })],
      ['that were let', of({ code: 0 })],
      ['without a credential', of({ code: 16 })],
    ],
  });

  it('fires once for a flood', () => {
    assert.equal(play(forbiddenBurst, repeated(200, 1, FORBIDDEN)).flat().length, 1);
  });

  it('fires once a day for a program that tries various calls', () => {
    const PROGRAM = { ...FORBIDDEN, principal: 'system:serviceaccount:shop:cart' };
    const tries = (count: number, from: number) =>
      repeated(count, 10, (n) => ({ ...PROGRAM, resource: ['pods', 'secrets', 'roles'][n % 3] ?? '' })).map((one) => ({
        ...one,
        s: one.s + from,
      }));
    assert.equal(play(forbiddenBurst, [...tries(200, 0), ...tries(30, 50_000), ...tries(30, 90_000)]).flat().length, 2);
  });

  it('fires for a program that hides various calls in a flood of one kind', () => {
    const kinds = ['secrets', 'roles', 'pods', 'nodes'];
    const flood = repeated(404, 0.5, (n) => ({
      ...FORBIDDEN,
      principal: 'system:serviceaccount:shop:cart',
      resource: n % 101 === 100 ? (kinds[Math.floor(n / 101)] ?? '') : 'configmaps',
    }));
    assert.equal(play(forbiddenBurst, flood).flat().length, 1);
  });

  it('fires again for a second burst', () => {
    const later = repeated(10, 1, FORBIDDEN).map((one) => ({ ...one, s: one.s + 1000 }));
    assert.equal(play(forbiddenBurst, [...repeated(10, 1, FORBIDDEN), ...later]).flat().length, 2);
  });

  it('names cluster and principal as the target', () => {
    const [found] = play(forbiddenBurst, repeated(10, 10, FORBIDDEN)).flat();
    assert.deepEqual(found?.target, {
      project: 'p1',
      location: 'europe-west1',
      cluster: 'c1',
      principal: 'ana@example.com',
    });
  });
});
