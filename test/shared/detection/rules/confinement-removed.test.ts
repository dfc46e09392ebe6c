import { confinementRemoved } from '../../../../shared/detection/rules/confinement-removed.ts';
import { deployment, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const under = (securityContext: unknown): Record<string, unknown> => podSpec({ securityContext });
const UNCONFINED = { type: 'Unconfined' };
const MARK = 'container.apparmor.security.beta.kubernetes.io/app';
const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'cart-7d9f',
  request: pod(under({ procMount: 'Unmasked' })),
};
const ARMOR = { severity: 'medium', confidence: 0.4 } as const;

describe('rule confinement-removed', () => {
  ruleCases(confinementRemoved, BASE, {
    fires: [
      ['AppArmor', { request: pod(under({ appArmorProfile: UNCONFINED })) }, ARMOR],
      [
        'AppArmor of the pod',
        { request: pod(podSpec({}, { securityContext: { appArmorProfile: UNCONFINED } })) },
        ARMOR,
      ],
      ['AppArmor by an annotation', { request: pod(podSpec(), { annotations: { [MARK]: 'unconfined' } }) }, ARMOR],
      ['seccomp', { request: pod(under({ seccompProfile: UNCONFINED })) }, { severity: 'low', confidence: 0.3 }],
      [
        'in a template',
        {
          group: 'apps',
          resource: 'deployments',
          name: 'cart',
          request: deployment(under({ procMount: 'Unmasked', seccompProfile: UNCONFINED })),
        },
      ],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.4 }],
    ],
    misses: [
      ['the usual', { request: pod(under({ procMount: 'Default', seccompProfile: { type: 'RuntimeDefault' } })) }],
      [
        'a container with a profile of its own',
        {
          request: pod(
            podSpec(
              { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } },
              { securityContext: { appArmorProfile: UNCONFINED } },
            ),
          ),
        },
      ],
      [
        'the annotation of another container',
        { request: pod(podSpec(), { annotations: { [`${MARK}-2`]: 'unconfined' } }) },
      ],
      ['a privileged container', { request: pod(under({ privileged: true, seccompProfile: UNCONFINED })) }],
      ['not made', { code: 5 }],
    ],
  });
});
