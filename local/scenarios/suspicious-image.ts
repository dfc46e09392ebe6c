import { timeOf } from '../../shared/model/time.ts';
import { SHOP } from '../world/seed.ts';
import { endingMissing, stepsMissing } from './ending.ts';
import type { Scenario } from './scenario.ts';
import { podOf } from './shop.ts';

const NAMESPACE = 'shop';
const APP = 'cart';

/**
 * An external scanner doubts an image. Expected end: on an operator's request the pod is recreated, its evidence kept.
 */
export const suspiciousImage: Scenario = {
  id: 'suspicious-image',
  title: 'A suspicious image, redeployed on request',
  story: [
    'A scan reports that the image of a pod of shop/cart was tampered with after the pod had started.',
    'ana@example.com asks for a redeploy: evidence is kept first, then the pod is deleted and its controller creates another.',
  ],
  events: (world, now) => [
    {
      afterMs: 0,
      topic: 'requests',
      body: {
        at: timeOf(now),
        action: 'contain',
        tier: 'redeploy',
        target: { ...SHOP, namespace: NAMESPACE, pod: podOf(world, NAMESPACE, ['app', APP]).metadata.name },
        reason: 'the image differs from the one that was built',
        requestedBy: 'ana@example.com',
      },
    },
  ],
  missing: (incidents) => {
    const incident = incidents.find(({ target }) => target.namespace === NAMESPACE);
    if (incident === undefined) return [`no incident on a pod of ${NAMESPACE}/${APP} was opened`];
    return [...endingMissing(incident, { verdict: 'act', tier: 'redeploy' }), ...stepsMissing(incident)];
  },
};
