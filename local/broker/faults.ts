import type { Delivery, Message, PushSubscription } from './message.ts';

/** What a bus that keeps its word may still do to a subscriber; tests switch it on. */
export type Faults = {
  /** How many times a message is put up for delivery, at least 1. */
  copies?: (subscription: PushSubscription, message: Message) => number;
  /** Which of the `length` waiting messages goes next, from 0. */
  pick?: (length: number) => number;
  /** The function answered, the answer is lost: the message is delivered again. */
  dropReply?: (delivery: Delivery) => boolean;
};

/** Every message is delivered `times` times to every subscription. */
export const everyMessage = (times: number): Faults => ({ copies: () => times });
