import type { Context } from './context.ts';
import { discover } from './discovery.ts';
import { type Faults, refusalOf, spokenVerb } from './faults.ts';
import type { Fields } from './objects.ts';
import type { AccessTable } from './rbac.ts';
import { find, list, log } from './read.ts';
import { failure, Refusal } from './refusal.ts';
import { evict, remove } from './removal.ts';
import { type Address, type ApiRequest, type ApiResponse, addressOf } from './requests.ts';
import { routeOf } from './route.ts';
import { ROUTES } from './routes.ts';
import { create, patch } from './write.ts';

/** One call that reached the API server, for tests that count or compare calls. */
export type Call = {
  at: number;
  identity: string;
  verb: string;
  kind: string;
  namespace?: string;
  name?: string;
  status: number;
};

const unauthorized = (): Refusal => failure(401, 'Unauthorized', 'Unauthorized');

/**
 * Throws 501 for a route that no suite has run against a real server. A patch without a known type is refused later.
 */
const mustBeHeld = (request: ApiRequest): void => {
  const route = routeOf(request);
  if (route === undefined || ROUTES.has(route)) return;
  throw failure(
    501,
    'NotImplemented',
    `the simulated API server does not answer ${route}: no suite has exercised it on a real one (see test/apiserver)`,
  );
};

const execute = (
  context: Context,
  actor: string,
  address: Address,
  request: ApiRequest,
): { status: number; body: Fields | string } => {
  const query = request.query ?? {};
  if (address.subresource === 'log') {
    const text = log(context, address, query);
    return text === undefined ? { status: 204, body: '' } : { status: 200, body: text };
  }
  if (address.subresource === 'eviction') return { status: 201, body: evict(context, actor, address, request.body) };
  switch (address.verb) {
    case 'get':
      return { status: 200, body: find(context, address) };
    case 'list':
      return { status: 200, body: list(context, address, query) };
    case 'create':
      return { status: 201, body: create(context, actor, address, request.body) };
    case 'patch':
      return { status: 200, body: patch(context, actor, address, request) };
    case 'delete':
      return { status: 200, body: remove(context, actor, address, request.body, query) };
  }
};

const answerOf = (refused: unknown): ApiResponse => {
  if (!(refused instanceof Refusal)) throw refused;
  return { status: refused.status, headers: refused.headers, body: refused.body };
};

/**
 * The parts of the API server: access rules, scripted faults, the function that settles its controllers, and the calls
 * so far.
 */
type ApiParts = { rbac: AccessTable; faults: Faults; settle(): void; calls: Call[] };

const serve = (
  context: Context,
  parts: ApiParts,
  identity: string,
  address: Address,
  request: ApiRequest,
): ApiResponse => {
  const fault = parts.faults.strike(address);
  if (fault === 'timeout') return { status: 0, headers: {}, body: '', dropped: 'timeout' };
  try {
    if (fault !== undefined && fault !== 'lost-reply') throw refusalOf(fault, address);
    parts.rbac.check(identity, address);
    mustBeHeld(request);
    const answer = execute(context, identity, address, request);
    parts.settle();
    const dropped = fault === 'lost-reply' ? { dropped: fault } : {};
    return { ...answer, headers: {}, ...dropped };
  } catch (refused) {
    return answerOf(refused);
  }
};

/**
 * Answers one request. Checks authentication, route, scripted fault and rights, in this order, and then runs the verb.
 */
export const answerRequest = (
  context: Context,
  parts: ApiParts,
  identity: string | undefined,
  request: ApiRequest,
): ApiResponse => {
  try {
    if (identity === undefined) throw unauthorized();
    const address = addressOf(context.kinds, request.method, request.path);
    if ('discovery' in address) {
      const body = discover(context.kinds, address.group, address.version);
      mustBeHeld(request);
      return { status: 200, headers: {}, body };
    }
    const answer = serve(context, parts, identity, address, request);
    parts.calls.push({
      at: context.now(),
      identity,
      verb: spokenVerb(address),
      kind: address.kind.kind,
      ...(address.namespace === undefined ? {} : { namespace: address.namespace }),
      ...(address.name === undefined ? {} : { name: address.name }),
      status: answer.status,
    });
    return answer;
  } catch (refused) {
    return answerOf(refused);
  }
};
