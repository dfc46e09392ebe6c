import { randomUUID } from 'node:crypto';
import type { Request } from '../shared/model/request.ts';
import { timeOf } from '../shared/model/time.ts';
import type { Connect, Connection } from './connect.ts';
import { idTokenOf } from './id-token.ts';
import type { Io } from './io.ts';
import { checkedRequest, operatorOf } from './operator.ts';
import { type RequestOptions, send } from './send.ts';

/** What a command adds to the request: everything but who, when, why and the id. */
export type RequestParts = Pick<Request, 'action'> & Partial<Request>;

/** Connects, builds the request of one command, checks it, publishes it, and waits for its outcome where asked to. */
export const runRequest = async (
  io: Io,
  connect: Connect,
  options: RequestOptions,
  partsOf: (connection: Connection) => RequestParts | Promise<RequestParts>,
): Promise<void> => {
  const connection = await connect(io, options.project);
  try {
    const id = randomUUID();
    const body = checkedRequest({
      id,
      at: timeOf(io.now()),
      reason: options.reason,
      requestedBy: operatorOf(io, options.as),
      ...(await proofOf(io, connection, options)),
      ...(await partsOf(connection)),
    });
    await send(io, connection, { ...body, id }, options);
  } finally {
    await connection.close();
  }
};

/** Told, and not stopped by: whoever contains at night may have no gcloud at hand. */
const proofOf = async (
  io: Io,
  { local }: Connection,
  { idToken: wanted }: RequestOptions,
): Promise<{ idToken?: string }> => {
  if (wanted === false) return {};
  const given = io.env.FIREBREAK_ID_TOKEN;
  // Nobody is asked who they are on their own machine.
  const idToken = local && (given === undefined || given === '') ? undefined : await idTokenOf(io.env);
  if (idToken !== undefined) return { idToken };
  if (!local) {
    io.stderr.write('firebreak: nothing proves who asks, so the name is shown as claimed: run `gcloud auth login`.\n');
  }
  return {};
};
