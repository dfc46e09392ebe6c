import type { Notice } from '../model/notice.ts';
import type { NotifySettings } from '../notify-settings.ts';
import type { Clock, HttpPost, Log } from '../ports.ts';

/** What a notifier keeps of one incident from notice to notice, in the incident's thread document. */
export type Kept = {
  /** What it kept last; undefined before that. */
  read(): unknown;
  /** Stores it at once, so that a crash right after forgets nothing. */
  write(value: unknown): Promise<void>;
};

/** What a notice is sent with. */
export type Sending = {
  kept: Kept;
  /** A newer notice of the incident has been sent: what shows a state must not go back to this one's. */
  late: boolean;
};

/**
 * One way in which people are told, once it is set up. `send` resolves once the other side has accepted the notice, and
 * throws what shared/errors.ts names. It is called for each notice until it has resolved once, in any order, and for one
 * incident never twice at the same time; after a crash, or a lost reply, again with a notice that was sent.
 */
export type Open = { id: string; send(notice: Notice, sending: Sending): Promise<void> };

export type OpenPorts = { log: Log; clock: Pick<Clock, 'now' | 'sleep'>; post: HttpPost };

export type Notifier = {
  id: string;
  /** For the references: where its notices are seen, in one sentence. */
  does: string;
  /** The variables that set it up, in the order to set them; none where it is always there. */
  variables: readonly string[];
  /** undefined where the settings do not name it. */
  open(settings: NotifySettings, ports: OpenPorts): Open['send'] | undefined;
};
