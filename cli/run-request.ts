import { randomUUID } from 'node:crypto';
import type { Request } from '../shared/model/request.ts';
import { timeOf } from '../shared/model/time.ts';
import type { Connect, Connection } from './connect.ts';
import { idTokenOf } from './id-token.ts';
import type { Io } from './io.ts';
import { checkedRequest, operatorOf } from './operator.ts';
import { type RequestOptions, send } from './send.ts';

/** A command's own part of the request: everything except sender, time, reason and id. */
type RequestParts = Pick<Request, 'action'> & Partial<Request>;

/** Connects, builds the request of one command, checks it, publishes it, and waits for its outcome if asked to. */
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

/**
 * The proof of identity. Its absence is reported but stops nothing: a person who contains at night may have no gcloud
 * at hand.
 */
const proofOf = async (
  io: Io,
  { local }: Connection,
  { idToken: wanted }: RequestOptions,
): Promise<{ idToken?: string }> => {
  if (wanted === false) return {};
  const given = io.env.FIREBREAK_ID_TOKEN;
  // A stack on the person's own machine requires no proof.
  const idToken = local && (given === undefined || given === '') ? undefined : await idTokenOf(io.env);
  if (idToken !== undefined) return { idToken };
  if (!local) {
    io.stderr.write('firebreak: nothing proves who asks, so the name is shown as claimed: run `gcloud auth login`.\n');
  }
  return {};
};
