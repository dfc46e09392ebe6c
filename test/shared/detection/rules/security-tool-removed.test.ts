import { securityToolRemoved } from '../../../../shared/detection/rules/security-tool-removed.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'delete', group: 'apps', resource: 'daemonsets', namespace: 'falco', name: 'falco' };
const CRD = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', namespace: undefined };
const GATEKEEPER = { resource: 'deployments', namespace: 'gatekeeper-system', name: 'gatekeeper-controller-manager' };
const TRIVY = { resource: 'statefulsets', namespace: 'trivy', name: 'trivy' };
const QUIET = { confidence: 0.35 } as const;

describe('rule security-tool-removed', () => {
  ruleCases(securityToolRemoved, BASE, {
    fires: [
      ['a namespace', { group: 'core', resource: 'namespaces', namespace: undefined, name: 'kyverno' }],
      ['by its name in another namespace', { namespace: 'kube-system', name: 'tetragon' }],
      [
        'all of a namespace',
        { verb: 'deletecollection', resource: 'deployments', namespace: 'neuvector', name: undefined },
      ],
      ['the policies of Gatekeeper', { ...CRD, name: 'constrainttemplates.templates.gatekeeper.sh' }],
      ['the network policies of Cilium', { ...CRD, name: 'ciliumnetworkpolicies.cilium.io' }],
      ['scaled to zero', { ...GATEKEEPER, verb: 'patch', subresource: 'scale', request: { spec: { replicas: 0 } } }],
      ['set to zero', { ...GATEKEEPER, verb: 'patch', request: { spec: { replicas: 0 } } }],
      [
        'a StatefulSet scaled to zero',
        { ...TRIVY, verb: 'patch', subresource: 'scale', request: { spec: { replicas: 0 } } },
      ],
      ['a StatefulSet set to zero', { ...TRIVY, verb: 'update', request: { spec: { replicas: 0 } } }],
      [
        'moved to nodes that do not exist',
        { verb: 'patch', request: { spec: { template: { spec: { nodeSelector: { none: 'true' } } } } } },
      ],
      [
        'moved by operations',
        {
          verb: 'patch',
          request: { patch: [{ op: 'add', path: '/spec/template/spec/nodeSelector', value: { none: 'true' } }] },
        },
      ],
      [
        'moved by one operation',
        {
          verb: 'patch',
          request: { patch: [{ op: 'add', path: '/spec/template/spec/nodeSelector/none', value: 'true' }] },
          response: { spec: { template: { spec: { nodeSelector: { none: 'true' } } } } },
        },
      ],
      ['by a deployer', { principal: 'system:serviceaccount:argocd:argocd-application-controller' }, QUIET],
      ['by infrastructure code', { principal: 'terraform@p1.iam.gserviceaccount.com' }, QUIET],
      [
        'by the tool itself',
        {
          ...CRD,
          name: 'k8srequiredlabels.constraints.gatekeeper.sh',
          principal: 'system:serviceaccount:gatekeeper-system:gatekeeper-admin',
        },
        QUIET,
      ],
      ['by a pod of anybody else', { principal: 'system:serviceaccount:shop:cart' }],
      ['by a person with the name of the tool', { principal: 'user:x:falco' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.5 }],
    ],
    misses: [
      ['an application', { namespace: 'shop', name: 'cart' }],
      ['a name that only looks like it', { namespace: 'shop', name: 'falcon' }],
      ['another definition', { ...CRD, name: 'widgets.example.com' }],
      ['scaled', { ...GATEKEEPER, verb: 'patch', subresource: 'scale', request: { spec: { replicas: 3 } } }],
      ['changed', { ...GATEKEEPER, verb: 'patch', request: { spec: { template: {} } } }],
      [
        'upgraded, with the nodes it is for',
        {
          verb: 'patch',
          request: {
            spec: {
              template: { spec: { nodeSelector: { 'kubernetes.io/os': 'linux' }, containers: [{ name: 'a' }] } },
            },
          },
        },
      ],
      [
        'allowed on every node again',
        { verb: 'patch', request: { spec: { template: { spec: { nodeSelector: null } } } } },
      ],
      ['a pod, which comes back', { group: 'core', resource: 'pods', name: 'falco-x7x2p' }],
      ['not there', { code: 5 }],
    ],
  });
});
