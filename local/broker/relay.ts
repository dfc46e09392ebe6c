import type { Message, PushSubscription } from './message.ts';
import { makeHttpPush } from './push.ts';
import { systemTimer, type Timer } from './timer.ts';

/**
 * Stands between the emulator and the functions and pushes to them what was pulled: it knows which pushes are under way
 * and which have to come again, and adds the identity and the attempt that the emulator leaves out.
 */
export type Relay = {
  /** Pushes a message of a subscription and tells how often its pushes have failed, 0 where it is acknowledged. Never rejects. */
  push(subscription: PushSubscription, message: Message): Promise<number>;
  /**
   * The id that functions see for one of the emulator's. The emulator counts from 1 at every start, and a store that
   * outlives it has seen those: the relay puts the time of its start before them.
   */
  idOf(messageId: string): string;
  /** Says that a message was published just now: its push is on the way. */
  expect(): void;
  /** Resolves once nothing is in flight or due again, and nothing has come for `quietMs`. */
  idle(): Promise<void>;
};

/** What became of a push: a message that is `again` is owed still, one that is `dead` was given up. */
export type Pushed = {
  /** Without project, as `PushSubscription` has it. */
  subscription: string;
  /** As functions see it. */
  messageId: string;
  /** In base64, and as RFC 3339: by these a dead letter is known, which has an id of its own. */
  data: string;
  publishTime: string;
  outcome: 'acked' | 'again' | 'dead';
};

/** Longer than the emulator takes from a publish to its first push. */
const QUIET_MS = 500;
const LOOK_MS = 50;

/** A relay to the functions of a project. `watch` is told of every push. */
export const makeRelay = (
  project: string,
  timer: Timer = systemTimer,
  watch: (pushed: Pushed) => void = () => {},
): Relay => {
  // Pushes not yet acknowledged, by subscription and message id, with the failures so far.
  const owed = new Map<string, number>();
  const forward = makeHttpPush(project);
  const started = timer.now();
  const idOf = (messageId: string): string => `${started}-${messageId}`;
  let last = started;

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
        if (owed.size === 0 && timer.now() - last >= QUIET_MS) resolve();
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
  };
};
