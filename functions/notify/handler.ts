import type { Envelope } from '../../shared/envelope.ts';
import { Malformed, sentenceOf, Transient } from '../../shared/errors.ts';
import { type Notice, notice } from '../../shared/model/notice.ts';
import type { Open } from '../../shared/notifiers/notifier.ts';
import type { Log } from '../../shared/ports.ts';
import { claimThread, type Thread, type ThreadPorts, toldIn } from '../../shared/threads.ts';

/** What notify is handed: no cluster, no compute, no incident. `notifiers` are those that are set up. */
export type NotifyPorts = ThreadPorts & { log: Log; notifiers: readonly Open[] };

/**
 * Tells people. Each notifier is told each notice once, whatever the order: what it has told is kept in the incident's
 * thread document, which is claimed before anything is sent, so that a redelivery repeats only what did not get through.
 * Nothing waits for notify: containment goes on whatever happens here.
 *
 * Throws Malformed for what is no notice, Transient where a notifier did not accept it or another notice of the incident
 * is being told.
 */
export const makeNotify = (ports: NotifyPorts): ((envelope: Envelope) => Promise<void>) => {
  const { log, notifiers } = ports;

  /** Undefined once the notifier has accepted it; else why not, in a sentence. */
  const send = async ({ id, send }: Open, one: Notice, thread: Thread): Promise<string | undefined> => {
    const kept = { read: () => thread.kept(id), write: (value: unknown) => thread.keep(id, value) };
    try {
      await send(one, { kept, late: thread.isPast(id, one.seq) });
      thread.note(id, one.seq);
      return undefined;
    } catch (thrown) {
      return `${id}: ${sentenceOf(thrown)}`;
    }
  };

  const tell = async (one: Notice): Promise<void> => {
    const before = await toldIn(ports, one.incident);
    if (notifiers.every(({ id }) => before.has(id, one.seq))) {
      const { incident, seq, kind } = one;
      log.info('notice -> dropped', 'it was told already', { incident, seq, kind });
      return;
    }
    const thread = await claimThread(ports, one.incident);
    // Beside each other, so that one that is slow holds up none of the others.
    const outcomes = await Promise.all(
      notifiers.map((open) => (thread.has(open.id, one.seq) ? undefined : send(open, one, thread))),
    );
    await thread.leave();
    const failures = outcomes.filter((why) => why !== undefined);
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
