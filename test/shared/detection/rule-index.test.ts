import { strict as assert } from 'node:assert';
import { RULES } from '../../../shared/detection/registry.ts';
import type { AuditRule } from '../../../shared/detection/rule.ts';
import { indexOf } from '../../../shared/detection/rule-index.ts';
import { execIntoPod } from '../../../shared/detection/rules/exec-into-pod.ts';
import type { ApiCall } from '../../../shared/model/signal.ts';
import { signalOf, signalOfPayload } from '../../fixtures/signals.ts';

const ASKED_ALWAYS: AuditRule = {
  id: 'asked-always',
  reads: 'audit',
  title: 'Anything',
  sees: 'Every entry.',
  why: 'To test the index.',
  technique: [],
  severity: 'low',
  confidence: 0.1,
  family: 'identity',
  falsePositives: [],
  filter: '',
  example: 'anything',
  match: () => undefined,
};
const EXEC = { verb: 'get', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' };
const idsFor = (rules: Parameters<typeof indexOf>[0], parts: Parameters<typeof signalOf>[0]): string[] =>
  indexOf(rules)(signalOf(parts)).map(({ rule }) => rule.id);

describe('the index of rules', () => {
  it('finds rules by resource, subresource and verb, in their order, and those for every entry', () => {
    assert.deepEqual(idsFor([execIntoPod, ASKED_ALWAYS], EXEC), ['exec-into-pod', 'asked-always']);
    assert.deepEqual(idsFor([ASKED_ALWAYS, execIntoPod], EXEC), ['asked-always', 'exec-into-pod']);
    assert.deepEqual(idsFor([execIntoPod, ASKED_ALWAYS], { ...EXEC, verb: 'list' }), ['asked-always']);
    assert.deepEqual(idsFor([execIntoPod, ASKED_ALWAYS], { ...EXEC, subresource: 'log' }), ['asked-always']);
  });

  it('finds rules about other APIs if an entry has no call to a Kubernetes API', () => {
    const elsewhere: AuditRule = { ...ASKED_ALWAYS, id: 'elsewhere', calls: [] };
    assert.deepEqual(idsFor([execIntoPod, elsewhere], EXEC), ['exec-into-pod']);
    const ids = indexOf([execIntoPod, elsewhere, ASKED_ALWAYS])(
      signalOfPayload({ protoPayload: { serviceName: 'compute.googleapis.com', methodName: 'v1.compute.disks.list' } }),
    ).map(({ rule }) => rule.id);
    assert.deepEqual(ids, ['elsewhere', 'asked-always']);
  });

  it('finds rules about other APIs by their service, and all of them if the entry names no service', () => {
    const compute: AuditRule = { ...ASKED_ALWAYS, id: 'of-compute', calls: [], services: ['compute.googleapis.com'] };
    const find = indexOf([compute, ASKED_ALWAYS]);
    const idsOf = (serviceName: string | undefined): string[] =>
      find(signalOfPayload({ protoPayload: { serviceName, methodName: 'v1.compute.disks.list' } })).map(
        ({ rule }) => rule.id,
      );
    assert.deepEqual(idsOf('compute.googleapis.com'), ['of-compute', 'asked-always']);
    assert.deepEqual(idsOf('iam.googleapis.com'), ['asked-always']);
    assert.deepEqual(idsOf(undefined), ['of-compute', 'asked-always']);
  });

  it('finds a rule however a log writes group, resource and subresource', () => {
    const find = indexOf([execIntoPod]);
    const exec: ApiCall = { group: 'core', version: 'v1', resource: 'pods', subresource: 'exec', verb: 'get' };
    const found = (call: Partial<ApiCall>): number => find({ service: 'k8s.io', call: { ...exec, ...call } }).length;
    assert.deepEqual(
      [
        found({}),
        found({ resource: 'pods/exec', subresource: undefined }),
        found({ group: 'core/pods', resource: 'exec', subresource: undefined }),
        found({ resource: 'pods/log', subresource: undefined }),
        found({ resource: 'pods/exec' }),
      ],
      [1, 1, 1, 0, 0],
    );
  });

  it('finds few rules for the most frequent call of a cluster', () => {
    const lease = { verb: 'update', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' };
    assert.ok(idsFor(RULES, lease).length <= 12, String(idsFor(RULES, lease)));
  });
});
