import type { Notice } from '../model/notice.ts';
import type { NotifySettings } from '../notify-settings.ts';
import type { Clock, HttpPost, Log } from '../ports.ts';

/** What a notifier stores for one incident between notices, in the incident's thread document. */
export type Kept = {
  /** The value stored last; undefined before the first. */
  read(): unknown;
  /** Stores a value at once, so that a crash right afterwards loses nothing. */
  write(value: unknown): Promise<void>;
};

/** What `send` is given besides the notice. */
type Sending = {
  kept: Kept;
  /** A newer notice of the incident has been sent already: what displays a state must not go back to this notice's. */
  late: boolean;
};

/**
 * A notifier that is set up. `send` resolves once the other side has accepted the notice, and throws the errors of
 * shared/errors.ts. It is called for each notice until it has resolved once, in any order, and never twice at the same
 * time for one incident. After a crash or a lost reply it is called again with a notice that was already sent.
 */
export type Open = { id: string; send(notice: Notice, sending: Sending): Promise<void> };

export type OpenPorts = { log: Log; clock: Pick<Clock, 'now' | 'sleep'>; post: HttpPost };

export type Notifier = {
  id: string;
  /** For the references: where its notices appear, in one sentence. */
  does: string;
  /** The variables that set the notifier up, in the order to set them; empty where it is always on. */
  variables: readonly string[];
  /** Returns undefined where the settings do not configure the notifier. */
  open(settings: NotifySettings, ports: OpenPorts): Open['send'] | undefined;
};

/** Whether a notice tells of an end: of an incident that was released or closed, or of a halt that was lifted. */
export const isOver = ({ state }: Notice): boolean => state === 'released' || state === 'closed';
