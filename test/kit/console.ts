import { type ConsolePorts, makeConsole } from '../../functions/console/handler.ts';
import type { Asked, Reply } from '../../shared/console/http.ts';
import type { Door } from '../../shared/console/operator.ts';
import type { Request } from '../../shared/model/request.ts';
import { decisionKit, type Kit } from './decision.ts';

export const LOCAL: Door = { kind: 'local', operator: 'operator@localhost' };
const HOST = '127.0.0.1:8080';

export type Form = Record<string, string>;
/** A reply with a text as its body. */
export type Answered = { status: number; headers: Record<string, string>; body: string };

/** A console over the documents of a decision kit, called without a network. */
export type ConsoleKit = {
  kit: Kit;
  ports: ConsolePorts;
  /** The published requests, in order. */
  sent: Request[];
  answer(asked: Asked): Promise<Reply>;
  get(path: string, over?: Partial<Asked>): Promise<Answered>;
  /** Sends a form as a page of the console would. */
  post(form: Form, over?: Partial<Asked>): Promise<Answered>;
  /** The fields of a page's first form with this button, as a browser would send them. */
  formOf(path: string, button: string): Promise<Form>;
};

export const TOKEN = 'ab'.repeat(16);

export const asked = (url: string, over: Partial<Asked> = {}): Asked => {
  const { pathname, searchParams } = new URL(url, `http://${HOST}`);
  return {
    method: 'GET',
    path: pathname,
    query: searchParams,
    form: undefined,
    remote: '127.0.0.1',
    ...over,
    headers: { host: HOST, cookie: `firebreak=${TOKEN}`, ...over.headers },
  };
};

/** The headers that a browser sends with a form of the same origin. */
export const OWN = { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' };

const FIELD = /<input type="hidden" name="([a-z]+)" value="([^"]*)">/g;

/** The fields of the form on a page that has this button, as a browser would send them. Throws where there is none. */
export const fieldsOf = (page: string, button: string): Form => {
  const form = page.split('<form').find((part) => part.includes(`value="${button}"`));
  if (form === undefined) throw new Error(`the page has no button ${button}`);
  return { ...Object.fromEntries([...form.matchAll(FIELD)].map(([, name, value]) => [name, value])), do: button };
};

const whole = (reply: Reply): Answered => {
  if (!('body' in reply)) throw new Error('this is a stream');
  return reply;
};

/** The console over the stores of a decision kit, for an operator of this machine unless `over` says otherwise. */
export const consoleKit = (over: Partial<ConsolePorts> = {}, kit: Kit = decisionKit()): ConsoleKit => {
  const sent: Request[] = [];
  const { clock, log, stores, policy, policyHash } = kit.ports;
  const ports: ConsolePorts = {
    project: 'p1',
    clock,
    log,
    stores,
    policy,
    policyHash,
    door: LOCAL,
    send: async (request) => {
      sent.push(request);
      return 'm';
    },
    ...over,
  };
  const answer = makeConsole(ports);
  const get: ConsoleKit['get'] = async (path, change) => whole(await answer(asked(path, change)));
  return {
    kit,
    ports,
    sent,
    answer,
    get,
    post: async (form, change = {}) =>
      whole(
        await answer(asked('/requests', { method: 'POST', form, ...change, headers: { ...OWN, ...change.headers } })),
      ),
    formOf: async (path, button) => fieldsOf((await get(path)).body, button),
  };
};
