import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ComputeFault, invalid, notFound } from './fault.ts';
import { global, type Method, method, regional, zonal } from './method.ts';
import type { RawOperation } from './resources.ts';
import type { Trouble } from './script.ts';
import { type ComputeState, newId, partial, ROOT, stampOf } from './state.ts';

/** The error with which an operation ends, although the call itself was answered with 200. */
export class OperationFault extends Error {
  override readonly name = 'OperationFault';
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** How long a requestId is remembered, in ms. */
const REMEMBERED = 60 * 60_000;

/** A change as requested: its caller, its type, its request with the requestId, and the troubles that apply. */
type Call = {
  actor: string;
  type: string;
  asked: { project: string; zone?: string | undefined; region?: string | undefined; requestId?: string | undefined };
  troubles: readonly Trouble[];
};

/**
 * The effect of an accepted change: `start` runs when it begins, `done` at its end. Either may throw OperationFault.
 */
export type Work = {
  target: { url: string; id: string };
  start?: () => void;
  done?: () => void;
  /** Releases what acceptance reserved, however the operation ends. */
  settled?: () => void;
};

const checkRequestId = (id: string): void => {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id) || /^[0-]+$/.test(id)) {
    throw invalid('requestId', id, 'Must be a UUID, and not the zero UUID.');
  }
};

const finish = (state: ComputeState, operation: RawOperation, fault?: OperationFault): void => {
  operation.status = 'DONE';
  operation.progress = 100;
  operation.endTime = stampOf(state.time());
  if (fault === undefined) return;
  operation.httpErrorStatusCode = fault.status;
  operation.httpErrorMessage = fault.status === 404 ? 'NOT FOUND' : fault.status === 409 ? 'CONFLICT' : 'ERROR';
  operation.error = { errors: [{ code: fault.code, message: fault.message }] };
};

const attempt = (run: (() => void) | undefined): OperationFault | undefined => {
  try {
    run?.();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof OperationFault) return thrown;
    throw thrown;
  }
};

const create = (state: ComputeState, call: Call, work: Work): RawOperation => {
  const { project, zone, region } = call.asked;
  const hex = state.random();
  const name = `operation-${Math.trunc(state.time())}-${hex.slice(0, 13)}-${hex.slice(13, 21)}-${hex.slice(21, 29)}`;
  const operation: RawOperation = {
    kind: 'compute#operation',
    id: newId(state),
    name,
    selfLink: ROOT + urlOf({ project, zone, region, operation: name }),
    ...(zone === undefined ? {} : { zone: `${ROOT}projects/${project}/zones/${zone}` }),
    ...(region === undefined ? {} : { region: `${ROOT}projects/${project}/regions/${region}` }),
    operationType: call.type,
    targetLink: ROOT + partial(work.target.url),
    targetId: work.target.id,
    user: call.actor,
    status: 'PENDING',
    progress: 0,
    insertTime: stampOf(state.time()),
  };
  state.operations.set(partial(operation.selfLink), operation);
  return operation;
};

const run = (state: ComputeState, call: Call, operation: RawOperation, work: Work): void => {
  const failing = call.troubles.find((trouble) => trouble.kind === 'fail-operation');
  const slower = call.troubles.reduce((sum, trouble) => sum + (trouble.kind === 'slow' ? trouble.ms : 0), 0);
  const end = (fault: OperationFault | undefined) => {
    work.settled?.();
    finish(state, operation, fault);
  };
  state.later(state.durations.pending, () => {
    operation.status = 'RUNNING';
    operation.startTime = stampOf(state.time());
    if (failing !== undefined) {
      end(new OperationFault(failing.code, failing.status, failing.message ?? failing.code));
      return;
    }
    const fault = attempt(work.start);
    if (fault !== undefined) end(fault);
    else state.later(state.durations.running + slower, () => end(attempt(work.done)));
  });
};

/**
 * Accepts a change. A repeated requestId returns the operation that it began. Otherwise `prepare` checks the request
 * (and may throw ComputeFault) and returns the work to do.
 */
export const begin = (state: ComputeState, call: Call, prepare: () => Work): RawOperation => {
  const { requestId, project } = call.asked;
  const key = `${project} ${requestId}`;
  if (requestId !== undefined) {
    checkRequestId(requestId);
    const known = state.requests.get(key);
    if (known !== undefined && known.until > state.time()) {
      if (!isDeepStrictEqual(known.asked, { ...call.asked, type: call.type })) {
        throw invalid('requestId', requestId, 'It was used for another request.');
      }
      const operation = state.operations.get(known.operation);
      if (operation !== undefined) return operation;
    }
  }
  const work = prepare();
  const operation = create(state, call, work);
  if (requestId !== undefined) {
    state.requests.set(key, {
      operation: partial(operation.selfLink),
      asked: structuredClone({ ...call.asked, type: call.type }),
      until: state.time() + REMEMBERED,
    });
  }
  run(state, call, operation, work);
  return operation;
};

type At = { project: string; zone?: string | undefined; region?: string | undefined; operation: string };

const urlOf = ({ project, zone, region, operation }: At): string => {
  const scope = zone !== undefined ? `zones/${zone}` : region !== undefined ? `regions/${region}` : 'global';
  return `projects/${project}/${scope}/operations/${operation}`;
};

const find = (state: ComputeState, at: At): RawOperation => {
  const operation = state.operations.get(urlOf(at));
  if (operation === undefined) throw notFound(urlOf(at));
  return operation;
};

const reading = (service: string, permission: string, schema: z.ZodType<At>): Record<string, Method> => ({
  [`${service}.Get`]: method([permission], schema, urlOf, (state, _, at) => find(state, at)),
  /**
   * The real method waits up to two minutes. Here it answers at once with the current state, which the real one may do
   * as well.
   */
  [`${service}.Wait`]: method([permission], schema, urlOf, (state, _, at) => find(state, at)),
});

const operation = { operation: z.string() };

/** The methods of the three operation services. */
export const operationMethods: Record<string, Method> = {
  ...reading('ZoneOperations', 'compute.zoneOperations.get', z.object({ ...zonal, ...operation })),
  ...reading('RegionOperations', 'compute.regionOperations.get', z.object({ ...regional, ...operation })),
  ...reading('GlobalOperations', 'compute.globalOperations.get', z.object({ ...global, ...operation })),
};

/** The 409 for a name that is taken. */
export const taken = (url: string): ComputeFault =>
  new ComputeFault(409, 'alreadyExists', `The resource '${url}' already exists`);
