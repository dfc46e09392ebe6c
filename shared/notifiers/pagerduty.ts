import { z } from 'zod';
import { Transient } from '../errors.ts';
import type { Notice } from '../model/notice.ts';
import { makePolitePost } from '../polite-post.ts';
import { quote } from '../text.ts';
import { type PagerDutyAction, pagerDutyEvent } from '../views/pagerduty-event.ts';
import { isOver, type Kept, type Notifier } from './notifier.ts';

/** Notices that need not wake anybody: they are shown elsewhere. */
const QUIET: readonly Notice['kind'][] = ['info', 'step'];
/** Notices that call somebody once, but not again after the alert was acknowledged. */
const ONCE: readonly Notice['kind'][] = ['reminder'];

/** What is known about the incident's alert. */
const known = z.object({ alert: z.enum(['none', 'open', 'acknowledged', 'over']) }).catch({ alert: 'none' });
type Alert = z.infer<typeof known>['alert'];

/**
 * The actions to send to PagerDuty, in order. An incident that is over is resolved. One that is contained and asks for
 * nothing is acknowledged, which ends the escalation but not the alert; if it then rises, asks or fails, a new alert
 * calls somebody again. PagerDuty drops events about an alert that was never opened, so the alert is opened first. A
 * late notice opens a missing alert, but reverts nothing.
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
  // An acknowledged alert calls nobody, whatever is triggered: only a new alert does.
  return ONCE.includes(kind) ? [] : ['resolve', 'trigger'];
};

/** Opens one alert for each incident, with the incident's id as PagerDuty's deduplication key. */
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
