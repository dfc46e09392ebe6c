import type { Envelope } from '../../shared/envelope.ts';
import { Malformed, sentenceOf } from '../../shared/errors.ts';
import { TOPIC_PREFIX, type Topic } from '../../shared/model/ids.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Bus, Clock } from '../../shared/ports.ts';
import type { Chance } from './chance.ts';

/** One try at a message. `run` settles with what the handler did; `hasDied` tells that it never will. */
export type Attempt = { run: Promise<void>; hasDied(): boolean };

/** How the bus treats messages: probabilities that one comes twice, and that one comes late. */
export type Manners = { duplicates: number; late: number };

/** When a message was first handed over and when it was acknowledged, ms; a duplicate is another delivery. */
export type Delivery = { topic: Topic; id: string; from: number; to?: number };

export type SimulatedBus = Bus & {
  /** Messages accepted and not yet acknowledged or dead. */
  outstanding(): number;
  counts(): { published: number; acknowledged: number; malformed: number; dead: number };
  deadLetters: Array<{ topic: Topic; because: string }>;
  deliveries: Delivery[];
  /** From now on nothing comes late or twice. */
  calm(): void;
};

const ACK_DEADLINE_MS = 60_000;
const MOST_TRIES = 10;
const LATE_MS = 180_000;
const BURIED = 'CloudPubSubDeadLetterSource';

/**
 * At least once, in any order: every message comes after a while, some come late, some twice and at the same time, what
 * failed or died comes again after 10 to 600 s, and after ten tries it is a dead letter. A handler that says Malformed is
 * acknowledged, as `serve` does.
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

  /** A process that died is noticed when its time is up; one that is only slow is waited for. */
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
    // As over a wire: what the sender changes later does not reach the receiver.
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
