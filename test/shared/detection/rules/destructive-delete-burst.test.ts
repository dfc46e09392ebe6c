import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
import { destructiveDeleteBurst } from '../../../../shared/detection/rules/destructive-delete-burst.ts';
import { historyCases, repeated } from '../history-cases.ts';

const DELETE: AuditEntryParts = { verb: 'delete', resource: 'namespaces', name: 'shop' };

describe('destructive-delete-burst', () => {
  historyCases(destructiveDeleteBurst, {
    fires: [
      ['five namespaces in ten minutes', repeated(5, 120, (n) => ({ ...DELETE, name: `shop${n}` }))],
      [
        'volumes, all at once',
        repeated(1, 1, { verb: 'deletecollection', resource: 'persistentvolumeclaims', namespace: 'shop' }),
      ],
    ],
    misses: [
      ['all pods at once', repeated(2, 1, { verb: 'deletecollection', resource: 'pods', namespace: 'shop' })],
      ['all at once, refused', repeated(1, 1, { ...DELETE, verb: 'deletecollection', name: undefined, code: 7 })],
      ['four', repeated(4, 1, DELETE)],
      ['dry runs', repeated(5, 1, { ...DELETE, request: { kind: 'DeleteOptions', dryRun: ['All'] } })],
      ['five in an hour', repeated(5, 600, DELETE)],
      ['five that were refused', repeated(5, 1, { ...DELETE, code: 7 })],
      ['pods', repeated(9, 1, { verb: 'delete', resource: 'pods', namespace: 'shop', name: 'cart-0' })],
      ['a resource of that name in another group', repeated(9, 1, { ...DELETE, group: 'example.com' })],
      [
        'of the control plane',
        repeated(9, 1, { ...DELETE, principal: 'system:serviceaccount:kube-system:namespace-controller' }),
      ],
    ],
  });
});
