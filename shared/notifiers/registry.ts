import type { NotifySettings } from '../notify-settings.ts';
import { cloudLogging } from './cloud-logging.ts';
import type { Notifier, Open, OpenPorts } from './notifier.ts';
import { pagerduty } from './pagerduty.ts';
import { slack } from './slack.ts';
import { webhook } from './webhook.ts';

/** Every notifier. */
export const NOTIFIERS: readonly Notifier[] = [cloudLogging, slack, pagerduty, webhook];

/** The notifiers that the settings name, ready to send. */
export const openNotifiers = (settings: NotifySettings, ports: OpenPorts): Open[] =>
  NOTIFIERS.flatMap(({ id, open }) => {
    const send = open(settings, ports);
    return send === undefined ? [] : [{ id, send }];
  });
