import { admissionPolicyWeakened } from '../../../../shared/detection/rules/admission-policy-weakened.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'delete',
  group: 'constraints.gatekeeper.sh',
  version: 'v1beta1',
  resource: 'k8spspprivilegedcontainer',
  name: 'no-privileged',
};
const action = (enforcementAction: string): Record<string, unknown> => ({ spec: { enforcementAction } });
const KYVERNO = { verb: 'patch', group: 'kyverno.io', version: 'v1', resource: 'clusterpolicies' };
const CONFIG = { verb: 'patch', group: 'config.gatekeeper.sh', resource: 'configs', namespace: 'gatekeeper-system' };
const excluding = (...excludedNamespaces: string[]) => ({
  spec: { match: [{ excludedNamespaces, processes: ['*'] }] },
});
const FLUX = 'system:serviceaccount:flux-system:kustomize-controller';

describe('rule admission-policy-weakened', () => {
  ruleCases(admissionPolicyWeakened, BASE, {
    fires: [
      ['all constraints of a kind', { verb: 'deletecollection', name: undefined }],
      ['a constraint that only reports', { verb: 'patch', request: action('dryrun') }],
      [
        'the same by an operation',
        { verb: 'patch', request: { patch: [{ op: 'replace', path: '/spec/enforcementAction', value: 'warn' }] } },
      ],
      ['namespaces that are left out', { ...CONFIG, request: excluding('shop') }],
      ['a policy of a namespace', { ...KYVERNO, verb: 'delete', resource: 'policies', namespace: 'shop' }],
      ['a policy that only reports', { ...KYVERNO, request: { spec: { validationFailureAction: 'Audit' } } }],
      [
        'a rule that only reports',
        { ...KYVERNO, request: { spec: { rules: [{ name: 'a', validate: { failureAction: 'Audit' } }] } } },
      ],
      [
        'an exception',
        { ...KYVERNO, verb: 'create', version: 'v2', resource: 'policyexceptions', namespace: 'shop', name: 'cart' },
      ],
      ['by a deployer', { principal: FLUX }, { confidence: 0.35 }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.45 }],
    ],
    misses: [
      ['a constraint that is made', { verb: 'create', request: action('dryrun') }],
      ['a constraint that denies', { verb: 'patch', request: action('deny') }],
      ['the state of a constraint', { verb: 'patch', subresource: 'status', request: action('dryrun') }],
      ['another group', { group: 'constraints.example.com' }],
      ['no namespaces left out', { ...CONFIG, request: excluding() }],
      ['a policy that rejects', { ...KYVERNO, request: { spec: { validationFailureAction: 'Enforce' } } }],
      ['an exception that is taken back', { ...KYVERNO, verb: 'get', resource: 'policyexceptions' }],
      ['not there', { code: 5 }],
    ],
  });
});
