import type { Notice } from '../model/notice.ts';
import { plain } from '../text.ts';
import { incidentUrl } from './incident-url.ts';
import { askLines, noticeLines } from './notice-text.ts';
import { placeText, targetText } from './target.ts';

export type PagerDutyAction = 'trigger' | 'acknowledge' | 'resolve';

const SEVERITY_OF = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' } as const;
const MAX_SUMMARY = 1024;
const MAX_LINES = 50;

/** A notice as an event of PagerDuty's Events API v2. Only a trigger has a payload. */
export const pagerDutyEvent = (
  action: PagerDutyAction,
  notice: Notice,
  { routingKey, consoleUrl }: { routingKey: string; consoleUrl?: string | undefined },
): Record<string, unknown> => {
  const { incident, at, severity, tier, state, target, kind, dryRun } = notice;
  const common = { routing_key: routingKey, event_action: action, dedup_key: incident };
  if (action !== 'trigger') return common;
  const [title = notice.title, ...lines] = noticeLines(notice);
  const url = incidentUrl(consoleUrl, incident);
  return {
    ...common,
    client: 'Firebreak',
    ...(url === undefined ? {} : { client_url: url, links: [{ href: url, text: 'The incident in the console' }] }),
    payload: {
      summary: plain(title, MAX_SUMMARY),
      source: placeText(target),
      severity: severity === null ? 'warning' : SEVERITY_OF[severity],
      timestamp: at,
      component: plain(targetText(target), 255),
      group: target.cluster ?? target.project,
      class: kind,
      custom_details: {
        incident,
        state,
        ...(tier === null ? {} : { tier }),
        ...(dryRun === undefined ? {} : { dryRun }),
        lines: shortened(lines, askLines(notice)),
      },
    },
  };
};

/** At most 50 lines. The last ones, which ask and say how to answer, are kept: whoever was called reads little else. */
const shortened = (lines: readonly string[], last: readonly string[]): readonly string[] => {
  if (lines.length <= MAX_LINES) return lines;
  const first = lines.slice(0, MAX_LINES - last.length - 1);
  return [...first, `… and ${lines.length - first.length - last.length} more lines`, ...last];
};
