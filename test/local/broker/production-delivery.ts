import { DELIVERY } from '../../../shared/deployment.ts';

/** The delivery settings that a deployment gives its subscriptions, as the embedded broker has them: in ms. */
export const PRODUCTION_DELIVERY = {
  ackDeadline: DELIVERY.ackDeadline * 1000,
  minBackoff: DELIVERY.minBackoff * 1000,
  maxBackoff: DELIVERY.maxBackoff * 1000,
  maxAttempts: DELIVERY.attempts,
  concurrency: 10,
} as const;
