import { fileAt } from '../../shared/console/files.ts';
import { readForm, requestOf } from '../../shared/console/form.ts';
import { type Asked, headerOf, type Reply } from '../../shared/console/http.ts';
import { LOOK_MS, makeLive } from '../../shared/console/live.ts';
import { assertInvited, type Door, type Visitor, visitorOf } from '../../shared/console/operator.ts';
import { followedRequest, makePages, type PagePorts } from '../../shared/console/pages.ts';
import { lookAtIncident, lookAtList } from '../../shared/console/read.ts';
import { messageReply, pageReply, reply } from '../../shared/console/reply.ts';
import { assertOwnForm } from '../../shared/console/same-origin.ts';
import { SECURITY_HEADERS } from '../../shared/console/security.ts';
import { Denied, Malformed, Newer, sentenceOf } from '../../shared/errors.ts';
import type { Request } from '../../shared/model/request.ts';
import type { Clock, Log } from '../../shared/ports.ts';

/** The ports of the console: it reads incidents and publishes requests, and can do nothing else. */
export type ConsolePorts = PagePorts & {
  clock: Pick<Clock, 'now' | 'monotonic' | 'sleep' | 'random'>;
  log: Log;
  /** Publishes on `requests` and nowhere else. */
  send(request: Request): Promise<string>;
  door: Door;
};

const NEWER =
  'A newer version of Firebreak wrote what this page shows, and nothing is done to it until that version is back: deploy it again.';

const INCIDENT = /^\/incidents\/([a-z0-9-]{1,80})$/;

/**
 * The console: answers one HTTP request of a browser. An unknown visitor sees only a sentence. Style, script and icon
 * are served to everybody: they are the same for all and reveal nothing.
 */
export const makeConsole = (ports: ConsolePorts): ((asked: Asked) => Promise<Reply>) => {
  const { stores, log, door, policy } = ports;
  const live = makeLive(ports.clock);
  const secure = door.kind === 'verified';
  const { list, one } = makePages(ports, secure);

  const events = (asked: Asked, visitor: Visitor): Reply => {
    const id = asked.query.has('incident')
      ? INCIDENT.exec(`/incidents/${asked.query.get('incident')}`)?.[1]
      : undefined;
    const request = followedRequest(asked);
    const look = {
      key: `${id ?? ''} ${request ?? ''}`,
      everyMs: id === undefined ? LOOK_MS.list : LOOK_MS.incident,
      see: () => (id === undefined ? lookAtList(stores, request) : lookAtIncident(stores, id, request)),
    };
    const watched = live.follow(look, secure ? visitor.email : undefined);
    if ('refused' in watched)
      return messageReply(watched.refused === 'one' ? 429 : 503, 'Too many windows', watched.because);
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
    return pageReply(303, '', { location: `${back}?request=${request.id}` });
  };

  const page = (asked: Asked, visitor: Visitor): Promise<Reply> | Reply => {
    if (asked.path === '/requests')
      return asked.method === 'POST'
        ? send(asked, visitor)
        : messageReply(
            405,
            'Nothing to see here',
            'This address only takes the forms of the console: open the console and ask there.',
          );
    if (asked.method !== 'GET' && (asked.method !== 'HEAD' || asked.path === '/events'))
      return messageReply(
        405,
        'Nothing to send here',
        'This page can only be looked at: open the console and ask there.',
      );
    if (asked.path === '/') return list(asked, visitor);
    if (asked.path === '/events') return events(asked, visitor);
    const id = INCIDENT.exec(asked.path)?.[1];
    return id === undefined
      ? messageReply(404, 'There is nothing here', 'No page has this address.')
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
        return messageReply(403, 'No access', thrown.message);
      }
      if (thrown instanceof Malformed) return messageReply(400, 'Not understood', thrown.message);
      log.error('operator -> page', sentenceOf(thrown), { path: asked.path });
      if (thrown instanceof Newer) return messageReply(503, 'Not here', NEWER);
      return messageReply(503, 'Not now', 'What this page shows cannot be read at the moment: try again in a minute.');
    }
  };
};
