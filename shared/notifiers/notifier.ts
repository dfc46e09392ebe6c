import type { Notice } from '../model/notice.ts';
import type { Log } from '../ports.ts';

/** One way in which people are told. `send` may be called again with a notice that it has sent: it is at least once. */
export type Notifier = {
  id: string;
  /** For the references: where its notices are seen, in one sentence. */
  does: string;
  /** Resolves once the other side has accepted the notice; throws what shared/errors.ts names. */
  send(notice: Notice, ports: { log: Log }): Promise<void>;
};
