import { z } from 'zod';
import type { Envelope } from '../../shared/envelope.ts';
import { Conflict, Malformed, sentenceOf, Transient } from '../../shared/errors.ts';
import { type Notice, notice } from '../../shared/model/notice.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Notifier } from '../../shared/notifiers/notifier.ts';
import { NOTIFIERS } from '../../shared/notifiers/registry.ts';
import type { Clock, DocStore, Log } from '../../shared/ports.ts';
import type { MemoryDocument } from '../../shared/store/memory.ts';

/** What notify is handed: no cluster, no compute, no incident. */
export type NotifyPorts = { log: Log; clock: Pick<Clock, 'now'>; threads: DocStore<MemoryDocument> };

const TRIES = 5;
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;

/** What each notifier has shown of an incident: the highest `seq`, by notifier. */
const shown = z.record(z.string(), z.number().int());

/**
 * Tells people. A notice that is not newer than what a notifier has shown of its incident is dropped for that
 * notifier, so a redelivery repeats only what did not get through. Nothing waits for notify: containment goes on
 * whatever happens here.
 *
 * Throws Malformed for what is no notice, Transient where a notifier did not accept it.
 */
export const makeNotify = (
  ports: NotifyPorts,
  notifiers: readonly Notifier[] = NOTIFIERS,
): ((envelope: Envelope) => Promise<void>) => {
  const { log, threads } = ports;

  const tell = async (one: Notice): Promise<void> => {
    const thread = await threads.get(one.incident);
    const before = shownIn(thread);
    const reached: Record<string, number> = {};
    const failures: string[] = [];
    for (const notifier of notifiers) {
      if (one.seq <= (before[notifier.id] ?? -1)) {
        log.info('notice -> dropped', `${notifier.id} has shown a newer notice, or this one`, factsOf(one));
        continue;
      }
      try {
        await notifier.send(one, { log });
        reached[notifier.id] = one.seq;
      } catch (thrown) {
        failures.push(`${notifier.id}: ${sentenceOf(thrown)}`);
      }
    }
    if (Object.keys(reached).length > 0) await remember(ports, one.incident, reached, thread);
    if (failures.length > 0) {
      throw new Transient(`notice ${one.seq} of ${one.incident} did not get through: ${failures.join('; ')}`);
    }
  };

  return async (envelope) => {
    const read = notice.safeParse(envelope.data);
    if (read.success) return tell(read.data);
    const issue = read.error.issues[0];
    throw new Malformed(`message ${envelope.id} is no notice: ${issue?.path.map(String).join('.')}: ${issue?.message}`);
  };
};

const factsOf = ({ incident, seq, kind }: Notice): Record<string, unknown> => ({ incident, seq, kind });

const shownIn = (thread: MemoryDocument | undefined): Record<string, number> =>
  shown.safeParse(thread?.shown).data ?? {};

/** Stores how far each notifier came, by compare-and-set; a concurrent writer's newer numbers stay. */
const remember = async (
  { clock, threads }: NotifyPorts,
  incident: string,
  reached: Record<string, number>,
  first: MemoryDocument | undefined,
): Promise<void> => {
  let current = first;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = shownIn(current);
    const merged = Object.entries(reached).map(([id, seq]) => [id, Math.max(seq, before[id] ?? -1)]);
    const expireAt = timeOf(clock.now() + KEPT_DAYS * DAY_MS);
    const next = {
      ...(current ?? { v: 1, rev: 0, writer: '' }),
      shown: { ...before, ...Object.fromEntries(merged) },
      expireAt,
    };
    try {
      await threads.put(incident, { ...next, v: 1 }, current?.rev ?? null);
      return;
    } catch (thrown) {
      if (!(thrown instanceof Conflict)) throw thrown;
      current = await threads.get(incident);
    }
  }
  throw new Transient(`the thread of ${incident} was written by others ${TRIES} times in a row`);
};
