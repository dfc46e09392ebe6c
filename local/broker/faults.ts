import type { Delivery, Message, PushSubscription } from './message.ts';

/** Faults that a bus with at-least-once delivery may show to a subscriber; tests switch them on. */
export type Faults = {
  /** How many times a message is put into the queue, at least 1. */
  copies?: (subscription: PushSubscription, message: Message) => number;
  /** Which of the `length` waiting messages goes next, counted from 0. */
  pick?: (length: number) => number;
  /** Whether to lose the function's answer, so that the message is delivered again. */
  dropReply?: (delivery: Delivery) => boolean;
};
