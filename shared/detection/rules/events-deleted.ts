import { callRule } from '../call-rule.ts';
import { REMOVALS } from '../calls.ts';
import { shownCall } from '../claim.ts';

/** Somebody deleted the Events in which Kubernetes records what happens. */
export const eventsDeleted = callRule({
  id: 'events-deleted',
  title: 'Events deleted',
  sees: 'A deletion of Events, by anyone but the controller that finalizes namespaces.',
  why: 'Events expire by themselves after an hour. The usual reason to delete them is to hide activity.',
  technique: [{ id: 'T1070', name: 'Indicator Removal' }],
  severity: 'medium',
  confidence: 0.65,
  family: 'identity',
  falsePositives: ['Tests that clean up after themselves'],
  calls: [{ resources: ['core/events', 'events.k8s.io/events'], verbs: REMOVALS }],
  example: 'kubectl delete events -n shop --all',
  match: (signal) => ({ because: [shownCall(signal)] }),
});
