import type { Faults } from './faults.ts';
import { backoffAfter, type Message, type PushSubscription } from './message.ts';
import type { Push } from './push.ts';
import type { Timer } from './timer.ts';

/** Totals over all subscriptions since the start; `delivered` counts pushes, including repeated ones. */
export type Counters = { published: number; delivered: number; acked: number; nacked: number; dead: number };

/** The messages that one subscription has not yet delivered to its function. */
export type Queue = {
  add(message: Message): void;
  /** The number of messages that are waiting, in flight, or waiting for another attempt. */
  outstanding(): number;
  close(): void;
};

type Held = { message: Message; attempt: number };

/**
 * Delivers at least once: a message is pushed until it is acknowledged, with a longer pause after each failure, and
 * goes to `deadLetter` after the last attempt. `settled` is called whenever a message is acknowledged or dead.
 */
export const makeQueue = (
  subscription: PushSubscription,
  parts: {
    push: Push;
    timer: Timer;
    faults: () => Faults;
    counters: Counters;
    deadLetter: (message: Message, attempts: number) => void;
    settled: () => void;
  },
): Queue => {
  const { push, timer, faults, counters, deadLetter, settled } = parts;
  const ready: Held[] = [];
  const delayed = new Set<() => void>();
  const inFlight = new Set<AbortController>();
  let closed = false;

  const later = (held: Held): void => {
    const callOff = timer.after(backoffAfter(held.attempt, subscription), () => {
      delayed.delete(callOff);
      ready.push(held);
      pump();
    });
    delayed.add(callOff);
  };

  const finish = (held: Held, outcome: 'acked' | 'nacked'): void => {
    counters[outcome] += 1;
    if (outcome === 'nacked') {
      const last = subscription.deadLetter !== undefined && held.attempt >= subscription.maxAttempts;
      if (!last) {
        later(held);
        return;
      }
      counters.dead += 1;
      deadLetter(held.message, held.attempt);
    }
    settled();
  };

  const deliver = async (held: Held): Promise<void> => {
    held.attempt += 1;
    counters.delivered += 1;
    const delivery = { subscription, message: held.message, attempt: held.attempt };
    const deadline = new AbortController();
    inFlight.add(deadline);
    const callOff = timer.after(subscription.ackDeadline, () => deadline.abort());
    const answer = await push(delivery, deadline.signal);
    callOff();
    inFlight.delete(deadline);
    if (closed) return;
    finish(held, faults().dropReply?.(delivery) === true ? 'nacked' : answer);
    pump();
  };

  const taken = (): Held | undefined => {
    const { pick } = faults();
    return pick === undefined ? ready.shift() : ready.splice(pick(ready.length), 1)[0];
  };

  const pump = (): void => {
    while (!closed && ready.length > 0 && inFlight.size < subscription.concurrency) {
      const next = taken();
      if (next === undefined) return;
      void deliver(next);
    }
  };

  return {
    add: (message) => {
      const copies = faults().copies?.(subscription, message) ?? 1;
      for (let copy = 0; copy < copies; copy++) ready.push({ message, attempt: 0 });
      pump();
    },
    outstanding: () => ready.length + delayed.size + inFlight.size,
    close: () => {
      closed = true;
      for (const callOff of delayed) callOff();
      for (const deadline of inFlight) deadline.abort();
      delayed.clear();
      ready.length = 0;
    },
  };
};
