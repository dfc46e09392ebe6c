import type { Incident } from '../../shared/model/incident.ts';
import { SHOP } from '../world/seed.ts';
import { endingMissing, stepsMissing } from './ending.ts';
import type { Scenario } from './scenario.ts';
import { execEvent, REVERSE_SHELL } from './shop.ts';

const NAMESPACE = 'shop';
const APP = 'cart';

const missingOf = (incident: Incident | undefined): string[] => {
  if (incident === undefined) return [`no incident on a pod of ${NAMESPACE}/${APP} was opened`];
  return [...endingMissing(incident, { verdict: 'act', tier: 'quarantine' }), ...stepsMissing(incident)];
};

/** Somebody opens a reverse shell in a pod of a shop. Expected end: the pod is in quarantine, its evidence kept. */
export const reverseShell: Scenario = {
  id: 'reverse-shell',
  title: 'A reverse shell in a pod',
  story: [
    'ana@example.com, whose laptop was stolen, runs a shell in a pod of Deployment shop/cart.',
    'Its input and output go to 198.51.100.7; the only evidence is the audit log entry that the API server writes.',
  ],
  events: (world, now) => [execEvent(world, now, { namespace: NAMESPACE, app: APP, command: REVERSE_SHELL })],
  missing: (incidents) =>
    missingOf(incidents.find(({ target }) => target.namespace === NAMESPACE && target.cluster === SHOP.cluster)),
};
