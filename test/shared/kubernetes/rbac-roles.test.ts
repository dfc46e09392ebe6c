import { strict as assert } from 'node:assert';
import { CONTAIN_RBAC, containRbac } from '../../../shared/containment/rights.ts';
import type { RbacRule } from '../../../shared/containment/step.ts';
import { CLUSTER_FUNCTIONS, type PolicyRule, rightsOf } from '../../../shared/kubernetes/rbac-roles.ts';

const STEP_RULES = CONTAIN_RBAC;

const spread = (rules: readonly PolicyRule[]): string[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`))),
  );
const declared = (rules: readonly RbacRule[]): string[] =>
  rules.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${group}/${resource} ${verb}`));

/** Whether a declared right is given by itself or by a rule for every resource of its group. */
const covered = (right: string, given: readonly string[]): boolean =>
  given.includes(right) || given.includes(right.replace(/\/\S+ /, '/* '));

describe('kubernetes/rbac-roles', () => {
  it('gives contain exactly what steps and run declare, each right once', () => {
    const { everywhere, ownNamespace } = rightsOf('contain', STEP_RULES);
    const wide = declared(STEP_RULES.filter((rule) => rule.ownNamespace !== true));
    const own = declared(STEP_RULES.filter((rule) => rule.ownNamespace === true));
    for (const [given, wanted] of [
      [spread(everywhere), wide],
      [spread(ownNamespace), own],
    ] as const) {
      assert.deepEqual(
        wanted.filter((right) => !covered(right, given)),
        [],
      );
      assert.deepEqual(
        given.filter((right) => !wanted.includes(right)),
        [],
      );
      assert.equal(new Set(given).size, given.length);
    }
  });
  it('omits a right that a rule for the whole group already gives', () => {
    const { everywhere } = rightsOf('contain', [
      { group: 'apps', resource: '*', verbs: ['get'] },
      { group: 'apps', resource: 'deployments', verbs: ['get', 'patch'] },
      { group: 'apps', resource: 'daemonsets', verbs: ['patch'] },
      { group: 'apps', resource: 'replicasets', verbs: ['get'] },
    ]);
    assert.deepEqual(everywhere, [
      { apiGroups: ['apps'], resources: ['*'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['daemonsets', 'deployments'], verbs: ['patch'] },
    ]);
  });
  it('allows every other function only to get and list', () => {
    for (const name of CLUSTER_FUNCTIONS.filter((one) => one !== 'contain')) {
      const { everywhere, ownNamespace } = rightsOf(name, STEP_RULES);
      assert.deepEqual(ownNamespace, []);
      assert.ok(everywhere.length > 0);
      for (const { verbs } of everywhere)
        assert.deepEqual(
          verbs.filter((verb) => verb !== 'get' && verb !== 'list'),
          [],
        );
    }
  });
  it('adds custom owner kinds: get for functions that resolve owners, delete for contain if it deletes workloads', () => {
    const rollouts = [{ group: 'argoproj.io', resource: 'rollouts' }];
    const of = (name: Parameters<typeof rightsOf>[0], steps = STEP_RULES) =>
      spread(rightsOf(name, steps, rollouts).everywhere).filter((right) => right.startsWith('argoproj.io/'));
    assert.deepEqual(of('contain', containRbac({ deleting: false })), ['argoproj.io/rollouts get']);
    assert.deepEqual(of('contain'), ['argoproj.io/rollouts delete', 'argoproj.io/rollouts get']);
    assert.deepEqual(of('decide'), ['argoproj.io/rollouts get']);
    assert.deepEqual(of('detect-cryptomining'), []);
  });
});
