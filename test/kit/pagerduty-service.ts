import { z } from 'zod';
import { type HttpService, startHttpService } from './http-service.ts';

export const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

const common = { routing_key: z.string().length(32), dedup_key: z.string().min(1).max(255) };
const link = z.strictObject({ href: z.url(), text: z.string().optional() });

// The events of the Events API v2, as documented on developer.pagerduty.com; unknown fields are refused.
const event = z.discriminatedUnion('event_action', [
  z.strictObject({
    ...common,
    event_action: z.literal('trigger'),
    client: z.string().optional(),
    client_url: z.url().optional(),
    links: z.array(link).optional(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime({ offset: true }).optional(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.strictObject({ ...common, event_action: z.literal('acknowledge') }),
  z.strictObject({ ...common, event_action: z.literal('resolve') }),
]);
type Event = z.infer<typeof event>;

/** An alert as the people on call see it; `pages` counts how often somebody was called. */
export type Alert = {
  key: string;
  state: 'triggered' | 'acknowledged' | 'resolved';
  summary: string;
  severity: string;
  pages: number;
};

/** PagerDuty's Events API v2, as strict as its documentation, with the resulting alerts. */
export type PagerDutyService = HttpService & { events: Event[]; alerts: Alert[] };

export const startPagerDuty = async (): Promise<PagerDutyService> => {
  const events: Event[] = [];
  const alerts: Alert[] = [];

  const take = (one: Event): void => {
    events.push(one);
    const found = alerts.findLast(({ key, state }) => key === one.dedup_key && state !== 'resolved');
    if (one.event_action === 'trigger') {
      const { summary, severity } = one.payload;
      if (found === undefined) alerts.push({ key: one.dedup_key, state: 'triggered', summary, severity, pages: 1 });
      else if (found.state === 'triggered') Object.assign(found, { summary, severity });
    } else if (found !== undefined) {
      found.state = one.event_action === 'resolve' ? 'resolved' : 'acknowledged';
    }
  };

  const invalid = (errors: string[]) => ({
    status: 400,
    body: JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors }),
  });

  const service = await startHttpService(({ path, headers, body }) => {
    if (path !== 'POST /v2/enqueue') return { status: 404, body: '' };
    if (headers['content-type'] !== 'application/json') return invalid(['content type']);
    if (body.length > 512 * 1024) return { status: 413, body: '' };
    const read = event.safeParse(JSON.parse(body));
    if (!read.success) return invalid(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
    if (read.data.routing_key !== ROUTING_KEY) return invalid(['routing_key']);
    take(read.data);
    const accepted = { status: 'success', message: 'Event processed', dedup_key: read.data.dedup_key };
    return { status: 202, body: JSON.stringify(accepted) };
  });
  return { ...service, events, alerts };
};
