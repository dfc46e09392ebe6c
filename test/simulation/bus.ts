import type { Envelope } from '../../shared/envelope.ts';
import { Malformed, sentenceOf } from '../../shared/errors.ts';
import type { Topic } from '../../shared/model/ids.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Bus, Clock } from '../../shared/ports.ts';
import type { Chance } from './chance.ts';

/** One try at a message. `run` settles with what the handler did; `hasDied` tells that it never will. */
export type Attempt = { run: Promise<void>; hasDied(): boolean };

export type SimulatedBus = Bus & {
  /** Messages accepted and not yet acknowledged or dead. */
  outstanding(): number;
  counts(): { published: number; acknowledged: number; malformed: number; dead: number };
  deadLetters: Array<{ topic: Topic; because: string }>;
};

const ACK_DEADLINE_MS = 60_000;
const MOST_TRIES = 10;

/**
 * At least once, in any order: every message comes after a while, some come twice, what failed or died comes again after
 * 10 to 600 s, and after ten tries it is a dead letter. A handler that says Malformed is acknowledged, as `serve` does.
 */
export const simulatedBus = (
  clock: Clock,
  chance: Chance,
  duplicates: number,
  start: (topic: Topic, envelope: Envelope) => Attempt | undefined,
): SimulatedBus => {
  const deadLetters: SimulatedBus['deadLetters'] = [];
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

  const deliver = async (topic: Topic, envelope: Envelope): Promise<void> => {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      await clock.sleep(chance.between(1, 400));
      const attempt = start(topic, envelope);
      const outcome = attempt === undefined ? 'done' : await settled(attempt);
      if (outcome === 'done') {
        acknowledged += 1;
        return;
      }
      if (outcome.failed instanceof Malformed) {
        malformed += 1;
        return;
      }
      if (tries === MOST_TRIES) deadLetters.push({ topic, because: sentenceOf(outcome.failed) });
      await clock.sleep(Math.min(600_000, 10_000 * 2 ** (tries - 1)));
    }
  };

  return {
    deadLetters,
    outstanding: () => open,
    counts: () => ({ published, acknowledged, malformed, dead: deadLetters.length }),
    publish: async (topic, body) => {
      const copies = chance.happens(duplicates) ? 2 : 1;
      published += copies;
      const id = `m-${published}`;
      // As over a wire: what the sender changes later does not reach the receiver.
      const envelope: Envelope = {
        id,
        topic,
        attributes: {},
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
    },
  };
};
