import type { Message, PushSubscription } from './message.ts';
import { makeHttpPush } from './push.ts';
import { systemTimer, type Timer } from './timer.ts';

/**
 * Stands between the emulator and the functions and pushes the pulled messages to them. It knows which pushes are under
 * way and which must be repeated, and adds the identity and the attempt number, which the emulator leaves out.
 */
export type Relay = {
  /**
   * Pushes a message of a subscription. Resolves with the number of its failed pushes, 0 if it is acknowledged. Never
   * rejects.
   */
  push(subscription: PushSubscription, message: Message): Promise<number>;
  /**
   * The id that functions see for one of the emulator's ids. The emulator counts from 1 at every start, and a store
   * that outlives it may have seen those ids: the relay puts the time of its own start in front.
   */
  idOf(messageId: string): string;
  /** Says that a message was published just now, so its push is still to come. */
  expect(): void;
  /**
   * Resolves once nothing is in flight or due again, and nothing was published or pushed for a while (QUIET_MS), or once
   * the relay is stopped.
   */
  idle(): Promise<void>;
  /** Ends all waiting, which would keep the process alive: what is not acknowledged by now never will be. */
  stop(): void;
};

/** The result of a push: a message with `again` will be pushed again, one with `dead` was given up. */
export type Pushed = {
  /** The subscription's name without the project, as in `PushSubscription`. */
  subscription: string;
  /** The id that functions see. */
  messageId: string;
  /** `data` in base64 and `publishTime` as RFC 3339 identify a dead letter, whose own message id is a different one. */
  data: string;
  publishTime: string;
  outcome: 'acked' | 'again' | 'dead';
};

/** Quiet time in ms before the bus counts as idle; longer than the emulator takes from a publish to its first push. */
const QUIET_MS = 500;
const LOOK_MS = 50;

/** A relay to the functions of a project. `watch` is called with every push. */
export const makeRelay = (
  project: string,
  timer: Timer = systemTimer,
  watch: (pushed: Pushed) => void = () => {},
): Relay => {
  // Pushes not yet acknowledged, by subscription and message id, each with its failures so far.
  const owed = new Map<string, number>();
  const forward = makeHttpPush(project);
  const started = timer.now();
  const idOf = (messageId: string): string => `${started}-${messageId}`;
  let last = started;
  let stopped = false;

  const handle = async (subscription: PushSubscription, message: Message): Promise<number> => {
    const key = `${subscription.name} ${message.messageId}`;
    const before = owed.get(key) ?? 0;
    owed.set(key, before);
    last = timer.now();
    const { data, attributes, messageId, publishTime } = message;
    const shown: Message = { data, attributes, messageId: idOf(messageId), publishTime };
    const delivery = { subscription, message: shown, attempt: before + 1 };
    const acked = (await forward(delivery, AbortSignal.timeout(subscription.ackDeadline))) === 'acked';
    const failures = acked ? 0 : before + 1;
    const buried = subscription.deadLetter !== undefined && failures >= subscription.maxAttempts;
    if (acked || buried) owed.delete(key);
    else owed.set(key, failures);
    const outcome = acked ? 'acked' : buried ? 'dead' : 'again';
    watch({ subscription: subscription.name, messageId: shown.messageId, data, publishTime, outcome });
    last = timer.now();
    return failures;
  };

  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (stopped || (owed.size === 0 && timer.now() - last >= QUIET_MS)) resolve();
        else timer.after(LOOK_MS, look);
      };
      look();
    });

  return {
    push: handle,
    idOf,
    expect: () => {
      last = timer.now();
    },
    idle,
    stop: () => {
      stopped = true;
    },
  };
};
