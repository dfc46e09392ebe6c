import { noticeLines } from '../views/notice-text.ts';
import type { Notifier } from './notifier.ts';

/** A structured log line per notice, for log-based alerts: it needs no secret and no other service. */
export const cloudLogging: Notifier = {
  id: 'cloud-logging',
  does: 'Writes each notice as one structured log line with the incident, kind, severity and state to alert on.',
  send: async (notice, { log }) => {
    const [title = notice.title, ...lines] = noticeLines(notice);
    const { incident, kind, severity, state, tier, seq, target } = notice;
    log.info('notice -> log', title, { incident, kind, severity, state, tier, seq, target, lines });
  },
};
