import { eventsDeleted } from '../../../../shared/detection/rules/events-deleted.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'deletecollection', resource: 'events', namespace: 'shop' };

describe('rule events-deleted', () => {
  ruleCases(eventsDeleted, BASE, {
    fires: [
      ['one', { verb: 'delete', name: 'cart-0.17a' }],
      ['by its newer group', { group: 'events.k8s.io' }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.55 }],
    ],
    misses: [
      ['with their namespace', { principal: 'system:serviceaccount:kube-system:namespace-controller' }],
      ['made', { verb: 'create' }],
      ['events of another kind', { group: 'eventing.example.com' }],
      ['not there', { code: 5 }],
    ],
  });
});
