import type { Envelope } from '../../shared/envelope.ts';
import { Malformed, sentenceOf } from '../../shared/errors.ts';
import { TOPIC_PREFIX, type Topic } from '../../shared/model/ids.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Bus, Clock } from '../../shared/ports.ts';
import type { Chance } from './chance.ts';

/** One try at a message. `run` settles with the handler's outcome. `hasDied` tells that it will never settle. */
export type Attempt = { run: Promise<void>; hasDied(): boolean };

/** How the bus treats messages: the probabilities that one is delivered twice and that one is late. */
export type Manners = { duplicates: number; late: number };

/** When a message was first handed over and when it was acknowledged, in ms. A duplicate is another delivery. */
export type Delivery = { topic: Topic; id: string; from: number; to?: number };

export type SimulatedBus = Bus & {
  /** Messages published that are neither acknowledged nor dead letters yet. */
  outstanding(): number;
  counts(): { published: number; acknowledged: number; malformed: number; dead: number };
  deadLetters: Array<{ topic: Topic; because: string }>;
  deliveries: Delivery[];
  /** From now on no message is late or duplicated. */
  calm(): void;
};

const ACK_DEADLINE_MS = 60_000;
const MOST_TRIES = 10;
const LATE_MS = 180_000;
const BURIED = 'CloudPubSubDeadLetterSource';

/**
 * Delivers at least once, in any order. Every message arrives after a while, some late, some twice at the same time. A
 * message whose handler failed or died is redelivered after 10 to 600 s, and becomes a dead letter after ten tries. A
 * message whose handler throws Malformed is acknowledged, as `serve` does.
 */
export const simulatedBus = (
  clock: Clock,
  chance: Chance,
  manners: Manners,
  start: (topic: Topic, envelope: Envelope) => Attempt | undefined,
): SimulatedBus => {
  const deadLetters: SimulatedBus['deadLetters'] = [];
  const deliveries: Delivery[] = [];
  let { duplicates, late } = manners;
  let published = 0;
  let acknowledged = 0;
  let malformed = 0;
  let open = 0;

  /** Notices a dead process when the acknowledgement deadline is over, and waits for a process that is only slow. */
  const settled = async (attempt: Attempt): Promise<'done' | { failed: unknown }> => {
    let over = false;
    const watched = async (): Promise<{ failed: unknown }> => {
      while (!over && !attempt.hasDied()) await clock.sleep(ACK_DEADLINE_MS);
      return { failed: new Error('the process died') };
    };
    const ended = attempt.run.then(
      () => 'done' as const,
      (failed: unknown) => ({ failed }),
    );
    const outcome = await Promise.race([ended, watched()]);
    over = true;
    return outcome;
  };

  const bury = (topic: Topic, envelope: Envelope, failed: unknown): void => {
    deadLetters.push({ topic, because: sentenceOf(failed) });
    void publish('dead-letters', envelope.data, {
      ...envelope.attributes,
      [`${BURIED}Subscription`]: `${TOPIC_PREFIX}${topic}`,
      [`${BURIED}TopicPublishTime`]: envelope.publishedAt,
      [`${BURIED}DeliveryCount`]: String(MOST_TRIES),
    });
  };

  const deliver = async (topic: Topic, envelope: Envelope): Promise<void> => {
    if (chance.happens(late)) await clock.sleep(chance.between(1_000, LATE_MS));
    const delivery: Delivery = { topic, id: envelope.id, from: Number.POSITIVE_INFINITY };
    deliveries.push(delivery);
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      await clock.sleep(chance.between(1, 400));
      delivery.from = Math.min(delivery.from, clock.now());
      const attempt = start(topic, envelope);
      const outcome = attempt === undefined ? 'done' : await settled(attempt);
      if (outcome === 'done') {
        acknowledged += 1;
        delivery.to = clock.now();
        return;
      }
      if (outcome.failed instanceof Malformed) {
        malformed += 1;
        return;
      }
      if (tries === MOST_TRIES) bury(topic, envelope, outcome.failed);
      else await clock.sleep(Math.min(600_000, 10_000 * 2 ** (tries - 1)));
    }
  };

  const publish: Bus['publish'] = async (topic, body, attributes = {}) => {
    const copies = chance.happens(duplicates) ? 2 : 1;
    published += copies;
    const id = `m-${published}`;
    // Copied as over a wire, so that later changes by the sender do not reach the receiver.
    const envelope: Envelope = {
      id,
      topic,
      attributes,
      data: JSON.parse(JSON.stringify(body)),
      publishedAt: timeOf(clock.now()),
    };
    for (let copy = 0; copy < copies; copy += 1) {
      open += 1;
      void deliver(topic, envelope).finally(() => {
        open -= 1;
      });
    }
    return id;
  };

  return {
    deadLetters,
    deliveries,
    outstanding: () => open,
    counts: () => ({ published, acknowledged, malformed, dead: deadLetters.length }),
    publish,
    calm: () => {
      duplicates = 0;
      late = 0;
    },
  };
};
