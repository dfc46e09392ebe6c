import { z } from 'zod';
import { Transient } from '../errors.ts';
import type { Notice } from '../model/notice.ts';
import { makePolitePost } from '../polite-post.ts';
import { quote } from '../text.ts';
import { type PagerDutyAction, pagerDutyEvent } from '../views/pagerduty-event.ts';
import type { Kept, Notifier } from './notifier.ts';

/** What nobody need be woken for: it is told elsewhere. */
const QUIET: readonly Notice['kind'][] = ['info', 'step'];
/** What somebody is called for once, and not again after the alert was acknowledged. */
const ONCE: readonly Notice['kind'][] = ['reminder'];

/** What is known of the incident's alert. */
const known = z.object({ alert: z.enum(['none', 'open', 'acknowledged', 'over']) }).catch({ alert: 'none' });
type Alert = z.infer<typeof known>['alert'];

const isOver = ({ state }: Notice): boolean => state === 'released' || state === 'closed';

/**
 * What PagerDuty is told, in order. An incident that is over is resolved; one that is contained and asks for nothing is
 * acknowledged, which ends the escalation but not the alert; where it then rises, asks or fails, somebody is called again, by a
 * new alert. What is about an alert that was never opened is dropped
 * there, so it is opened first; and a late notice opens it where it is missing, but turns nothing back.
 */
const actionsOf = (notice: Notice, alert: Alert, late: boolean): PagerDutyAction[] => {
  if (late && alert !== 'none') return [];
  if (isOver(notice)) return alert === 'open' || alert === 'acknowledged' ? ['resolve'] : [];
  const { kind, ask } = notice;
  if (kind === 'contained' && ask === undefined) {
    if (alert === 'acknowledged') return [];
    const opens: PagerDutyAction[] = alert === 'open' ? [] : ['trigger'];
    return late ? opens : [...opens, 'acknowledge'];
  }
  if (QUIET.includes(kind)) return [];
  if (alert !== 'acknowledged') return alert === 'open' && kind === 'contained' ? [] : ['trigger'];
  // An alert that was acknowledged calls nobody, whatever is triggered: only a new one does.
  return ONCE.includes(kind) ? [] : ['resolve', 'trigger'];
};

/** One alert an incident, by its id as the key that PagerDuty recognises it by. */
export const pagerduty: Notifier = {
  id: 'pagerduty',
  does: 'Opens one alert an incident, acknowledges it once it is contained, opens another where it then gets worse, and resolves it when it is over.',
  variables: ['FIREBREAK_PAGERDUTY_ROUTING_KEY'],
  open: (settings, ports) => {
    const { pagerduty: set, consoleUrl } = settings;
    if (set === undefined) return undefined;
    const post = makePolitePost('PagerDuty', ports);

    const tell = async (action: PagerDutyAction, notice: Notice, kept: Kept): Promise<void> => {
      const event = pagerDutyEvent(action, notice, { routingKey: set.routingKey, consoleUrl });
      const answer = await post({
        url: `${set.endpoint}/v2/enqueue`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
      });
      if (answer.status !== 202) throw new Transient(`PagerDuty answered ${answer.status}: ${quote(answer.body, 300)}`);
      if (action !== 'resolve') await kept.write({ alert: action === 'trigger' ? 'open' : 'acknowledged' });
    };

    return async (notice, { kept, late }) => {
      const { alert } = known.parse(kept.read());
      for (const action of actionsOf(notice, alert, late)) await tell(action, notice, kept);
      if (isOver(notice) && !late) await kept.write({ alert: 'over' });
    };
  },
};
