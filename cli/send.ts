import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { sentenceOf, Transient } from '../shared/errors.ts';
import type { Request, RequestRecord } from '../shared/model/request.ts';
import { plain } from '../shared/text.ts';
import { seconds } from './arguments.ts';
import type { Connection } from './connect.ts';
import type { Io } from './io.ts';
import { makeProgress } from './progress.ts';

/** The flags of every request. */
export type RequestOptions = {
  reason: string;
  as?: string;
  project?: string;
  wait?: boolean;
  timeout: number;
  json?: boolean;
  /** If false, the request carries no proof of the sender's identity. */
  idToken?: boolean;
};

const POLL_MS = 200;
const REMOTE_POLL_MS = 1000;

/** Adds the flags of every request. */
export const withRequestOptions = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why, for the record; required')
    .option('--as <name>', 'who asks, shown as claimed (default: the name of this session)')
    .option('--project <id>', "the deployment's project (default: that of the local stack)")
    .option(
      '--no-id-token',
      'send no proof of who asks (default: the token of who is signed in to gcloud, for a project)',
    )
    .option('--wait', 'wait for what became of it; exit 1 if it was refused')
    .option('--timeout <seconds>', 'how long --wait waits', seconds, 60)
    .option('--json', 'print the request, and with --wait its record, as JSON');

/** Publishes a request and prints its id; with `wait`, prints its outcome and sets exit 1 if it was refused. */
export const send = async (
  io: Io,
  connection: Connection,
  body: Request & { id: string },
  options: Pick<RequestOptions, 'wait' | 'timeout' | 'json'>,
): Promise<void> => {
  await connection.bus.publish('requests', body);
  const place = connection.local ? '' : ` --project ${connection.project}`;
  if (options.wait !== true) {
    io.stdout.write(options.json === true ? `${JSON.stringify({ request: shown(body) })}\n` : `${body.id}\n`);
    tell(
      io,
      options,
      `published, and not answered yet: add --wait to see the answer, or look with firebreak incidents${place}`,
    );
    return;
  }
  const record = await outcomeOf(io, connection, body.id, options.timeout * 1000);
  if (record.state === 'refused') io.setExit(1);
  if (options.json === true) {
    io.stdout.write(`${JSON.stringify({ request: shown(body), record })}\n`);
    return;
  }
  const { incident } = record;
  const about = incident === undefined ? '' : ` (incident ${incident})`;
  io.stdout.write(`${body.id} ${record.state}: ${plain(record.outcome ?? 'no reason was given')}${about}\n`);
  if (record.state !== 'refused' && incident !== undefined)
    tell(io, options, `see how it goes: firebreak incidents ${incident}${place} --watch`);
};

/** What a person may do next; a script does not ask. */
const tell = (io: Io, { json }: Pick<RequestOptions, 'json'>, sentence: string): void => {
  if (io.isTTY && json !== true) io.stderr.write(`${sentence}\n`);
};

/** The request without its ID token, which whoever reads it could use. */
const shown = ({ idToken: _, ...body }: Request): Omit<Request, 'idToken'> => body;

/** Waits for the outcome of a request. Every error says that the request was published. */
const outcomeOf = async (io: Io, connection: Connection, id: string, timeoutMs: number): Promise<RequestRecord> => {
  const { stores, local, project } = connection;
  const published = `${id} is published, but`;
  if (stores === undefined)
    throw new Transient(`${published} its outcome cannot be read from here: look at the notices.`);
  const pollMs = local ? POLL_MS : REMOTE_POLL_MS;
  const progress = makeProgress(io, true);
  progress.doing(`waiting for what becomes of ${id}`);
  try {
    for (let waited = 0; waited <= timeoutMs; waited += pollMs) {
      const record = await stores.requests.get(id).catch((thrown: unknown) => {
        throw new Transient(`${published} its outcome cannot be read: ${sentenceOf(thrown)}`);
      });
      if (record !== undefined && record.state !== 'seen') return record;
      await sleep(pollMs);
    }
  } finally {
    progress.end();
  }
  const look = local ? 'firebreak doctor' : `firebreak doctor --project ${project}`;
  throw new Transient(`${published} had no outcome after ${timeoutMs / 1000} s: see \`${look}\`.`);
};
