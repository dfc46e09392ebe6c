import type { Notice } from '../model/notice.ts';
import type { Log } from '../ports.ts';
import { noticeLines } from '../views/notice-text.ts';
import type { Notifier } from './notifier.ts';

const LOUD: readonly Notice['kind'][] = ['ask', 'held', 'refused', 'reminder'];

/** The labels by which a log entry is found: `labels.firebreak_incident="i-..."`. */
const labelsOf = ({ incident, kind, severity, state, tier, target, dryRun }: Notice): Record<string, string> => ({
  firebreak_incident: incident,
  firebreak_kind: kind,
  firebreak_state: state,
  ...(dryRun === undefined ? {} : { firebreak_dry_run: 'true' }),
  ...(severity === null ? {} : { firebreak_severity: severity }),
  ...(tier === null ? {} : { firebreak_tier: tier }),
  ...(target.cluster === undefined ? {} : { firebreak_cluster: target.cluster }),
  ...(target.namespace === undefined ? {} : { firebreak_namespace: target.namespace }),
});

const levelOf = (log: Log, kind: Notice['kind']): Log['info'] => {
  if (kind === 'failed') return log.error;
  return LOUD.includes(kind) ? log.warn : log.info;
};

/**
 * Writes the audit record: one structured log line per notice, with labels to search and to alert on. It needs no
 * secret.
 */
export const cloudLogging: Notifier = {
  id: 'cloud-logging',
  does: 'Writes each notice as one structured log line, with labels to search and to alert on.',
  variables: [],
  open:
    (_, { log }) =>
    async (notice) => {
      const [title = notice.title, ...lines] = noticeLines(notice);
      const { incident, kind, severity, state, tier, seq, target } = notice;
      const labels = labelsOf(notice);
      levelOf(log, kind)('notice -> log', title, { incident, kind, severity, state, tier, seq, target, lines, labels });
    },
};
