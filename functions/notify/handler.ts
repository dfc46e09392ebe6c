import type { Envelope } from '../../shared/envelope.ts';
import { Malformed, sentenceOf, Transient } from '../../shared/errors.ts';
import { issueText } from '../../shared/issue-text.ts';
import { type Notice, notice } from '../../shared/model/notice.ts';
import type { Open } from '../../shared/notifiers/notifier.ts';
import type { Log } from '../../shared/ports.ts';
import { claimThread, type Thread, type ThreadPorts, toldIn } from '../../shared/threads.ts';

/** The ports of notify: no cluster, no compute, no incidents. `notifiers`: those that are set up. */
export type NotifyPorts = ThreadPorts & { log: Log; notifiers: readonly Open[] };

/**
 * Tells people. Each notifier gets each notice once, whatever the order of delivery. The thread document of the
 * incident records what each notifier has told, and is claimed before anything is sent, so a redelivery repeats only
 * what did not get through. Nothing waits for notify: containment goes on whatever happens here.
 *
 * Throws Malformed for a message that is no notice; Transient if a notifier did not accept the notice, or if another
 * notice of the incident is being told.
 */
export const makeNotify = (ports: NotifyPorts): ((envelope: Envelope) => Promise<void>) => {
  const { log, notifiers } = ports;

  /** Sends a notice. Resolves with undefined if the notifier accepted it, else with the reason, in a sentence. */
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
    // In parallel, so that a slow notifier does not hold up the others.
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
    throw new Malformed(`message ${envelope.id} is no notice: ${issueText(read.error)}`);
  };
};
