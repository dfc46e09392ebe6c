import { readForm, requestOf } from '../../shared/console/ask.ts';
import { fileAt, VERSION } from '../../shared/console/files.ts';
import { type Asked, headerOf, type Reply } from '../../shared/console/http.ts';
import { incidentPage } from '../../shared/console/incident-page.ts';
import { listPage } from '../../shared/console/list-page.ts';
import { LOOK_MS, makeLive } from '../../shared/console/live.ts';
import { assertInvited, type Door, type Visitor, visitorOf } from '../../shared/console/operator.ts';
import { type Answer, messageText, type Page, pageText, type Surroundings } from '../../shared/console/page.ts';
import {
  type ConsoleStores,
  haltOf,
  lookAtIncident,
  lookAtList,
  readBeside,
  readIncidents,
  signatureOfIncident,
  signatureOfList,
} from '../../shared/console/read.ts';
import { assertOwnForm, guardOf } from '../../shared/console/same-origin.ts';
import { SECURITY_HEADERS } from '../../shared/console/security.ts';
import { strangerOf } from '../../shared/decision/operators.ts';
import type { Policy } from '../../shared/decision/policy.ts';
import { ruleOf } from '../../shared/detection/registry.ts';
import { Denied, Malformed, sentenceOf } from '../../shared/errors.ts';
import { INCIDENT_STATES } from '../../shared/model/notice.ts';
import type { Request } from '../../shared/model/request.ts';
import type { Clock, Evidence, Log } from '../../shared/ports.ts';

/** The ports of the console: it reads incidents and publishes requests, and can do nothing else. */
export type ConsolePorts = {
  project: string;
  clock: Pick<Clock, 'now' | 'monotonic' | 'sleep' | 'random'>;
  log: Log;
  stores: ConsoleStores;
  /** Publishes on `requests` and nowhere else. */
  send(request: Request): Promise<string>;
  /** Reads one kind of exhibit; without it the page says where the exhibit is stored. */
  evidence?: Pick<Evidence, 'get'>;
  policy: Policy;
  policyHash: string;
  door: Door;
};

const INCIDENT = /^\/incidents\/([a-z0-9-]{1,80})$/;
const REQUEST = /^[A-Za-z0-9._-]{1,100}$/;
const HTML = 'text/html; charset=utf-8';
const reply = (status: number, type: string, body: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { ...SECURITY_HEADERS, 'content-type': type, ...headers },
  body,
});

const message = (status: number, title: string, sentence: string): Reply =>
  reply(status, HTML, messageText(title, sentence, VERSION));

/** The id of the request whose answer a page shows, from the query; undefined if the query has no valid id. */
const followed = ({ query }: Asked): string | undefined => {
  const id = query.get('request');
  return id !== null && REQUEST.test(id) ? id : undefined;
};

/**
 * The console: answers one HTTP request of a browser. An unknown visitor sees only a sentence. Style, script and icon
 * are served to everybody: they are the same for all and reveal nothing.
 */
export const makeConsole = (ports: ConsolePorts): ((asked: Asked) => Promise<Reply>) => {
  const { stores, clock, log, door, policy, policyHash, project } = ports;
  const live = makeLive(clock);
  const secure = door.kind === 'verified';

  const answerOf = async (asked: Asked): Promise<Answer | undefined> => {
    const id = followed(asked);
    return id === undefined ? undefined : { id, record: await stores.requests.get(id) };
  };

  const shown = async (
    asked: Asked,
    visitor: Visitor,
    make: (around: Omit<Surroundings, 'signature'>) => Promise<{ page: Page; signature: string } | undefined>,
  ): Promise<Reply> => {
    const guard = guardOf(asked, { secure, fresh: () => clock.random() });
    const [halt, answer] = await Promise.all([haltOf(stores), answerOf(asked)]);
    const around = {
      project,
      operator: visitor,
      stranger: secure ? strangerOf(policy, visitor.email) : undefined,
      now: clock.now(),
      halt,
      answer,
      formToken: guard.token,
      newId: () => clock.random(),
      version: VERSION,
    };
    const made = await make(around);
    if (made === undefined)
      return message(404, 'There is nothing here', 'No incident has this id, or it is kept no longer.');
    const body = pageText(made.page, { ...around, signature: made.signature });
    return reply(200, HTML, body, guard.cookie === undefined ? {} : { 'set-cookie': guard.cookie });
  };

  const list = (asked: Asked, visitor: Visitor): Promise<Reply> =>
    shown(asked, visitor, async (around) => {
      const { incidents, more } = await readIncidents(stores);
      const state = INCIDENT_STATES.find((one) => one === asked.query.get('state'));
      const search = (asked.query.get('q') ?? '').trim().slice(0, 200);
      const signature = signatureOfList(incidents, around.halt, around.answer?.record);
      const page = listPage({ incidents, more, filter: { state, search }, ruleOf }, { ...around, signature });
      return { page, signature };
    });

  const one = (asked: Asked, visitor: Visitor, id: string): Promise<Reply> =>
    shown(asked, visitor, async (around) => {
      const incident = await stores.incidents.get(id);
      if (incident === undefined) return undefined;
      const beside = await readBeside(stores, ports.evidence, incident);
      const signature = signatureOfIncident(incident, around.halt, around.answer?.record);
      const page = incidentPage({ incident, ...beside, policy, policyHash, ruleOf }, { ...around, signature });
      return { page, signature };
    });

  const events = (asked: Asked, visitor: Visitor): Reply => {
    const id = asked.query.has('incident')
      ? INCIDENT.exec(`/incidents/${asked.query.get('incident')}`)?.[1]
      : undefined;
    const request = followed(asked);
    const look = {
      key: `${id ?? ''} ${request ?? ''}`,
      everyMs: id === undefined ? LOOK_MS.list : LOOK_MS.incident,
      see: () => (id === undefined ? lookAtList(stores, request) : lookAtIncident(stores, id, request)),
    };
    const watched = live.follow(look, secure ? visitor.email : undefined);
    if ('refused' in watched)
      return message(watched.refused === 'one' ? 429 : 503, 'Too many windows', watched.because);
    return {
      status: 200,
      headers: { ...SECURITY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
      stream: watched.stream,
    };
  };

  const send = async (asked: Asked, visitor: Visitor): Promise<Reply> => {
    const form = readForm(asked.form);
    assertOwnForm(asked, form.token, secure);
    const request = requestOf(form, visitor);
    await ports.send(request);
    log.info('operator -> request', `${request.action} by ${visitor.email}`, {
      request: request.id,
      ...(request.incident === undefined ? {} : { incident: request.incident }),
    });
    const back = request.incident === undefined ? '/' : `/incidents/${request.incident}`;
    return reply(303, HTML, '', { location: `${back}?request=${request.id}` });
  };

  const page = (asked: Asked, visitor: Visitor): Promise<Reply> | Reply => {
    if (asked.path === '/requests')
      return asked.method === 'POST'
        ? send(asked, visitor)
        : message(
            405,
            'Nothing to see here',
            'This address only takes the forms of the console: open the console and ask there.',
          );
    if (asked.method !== 'GET' && (asked.method !== 'HEAD' || asked.path === '/events'))
      return message(405, 'Nothing to send here', 'This page can only be looked at: open the console and ask there.');
    if (asked.path === '/') return list(asked, visitor);
    if (asked.path === '/events') return events(asked, visitor);
    const id = INCIDENT.exec(asked.path)?.[1];
    return id === undefined
      ? message(404, 'There is nothing here', 'No page has this address.')
      : one(asked, visitor, id);
  };

  return async (asked) => {
    const file = fileAt(asked.path);
    if (file !== undefined)
      return reply(200, file.type, file.body, { 'cache-control': 'public, max-age=31536000, immutable' });
    try {
      const visitor = await visitorOf(asked, door);
      assertInvited(visitor, policy);
      return await page(asked, visitor);
    } catch (thrown) {
      if (thrown instanceof Denied) {
        log.count('console-refused', thrown.message, { path: asked.path, agent: headerOf(asked, 'user-agent') });
        return message(403, 'No access', thrown.message);
      }
      if (thrown instanceof Malformed) return message(400, 'Not understood', thrown.message);
      log.error('operator -> page', sentenceOf(thrown), { path: asked.path });
      return message(503, 'Not now', 'What this page shows cannot be read at the moment: try again in a minute.');
    }
  };
};
