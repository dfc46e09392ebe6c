import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { Transient } from '../shared/errors.ts';
import type { Request, RequestRecord } from '../shared/model/request.ts';
import { plain } from '../shared/text.ts';
import { seconds } from './arguments.ts';
import type { Connection } from './connect.ts';
import type { Io } from './io.ts';

/** The flags that every request takes. */
export type RequestOptions = {
  reason: string;
  as?: string;
  project?: string;
  wait?: boolean;
  timeout: number;
  json?: boolean;
};

const POLL_MS = 200;

/** Adds the flags that every request takes. */
export const withRequestOptions = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--as <name>', 'who asks, shown as claimed (default: the name of this session)')
    .option('--project <id>', "the deployment's project (default: that of the local stack)")
    .option('--wait', 'wait for what became of it; exit 1 if it was refused')
    .option('--timeout <seconds>', 'how long --wait waits', seconds, 60)
    .option('--json', 'print the request, and with --wait its record, as JSON');

/** Publishes a request. Prints its id on stdout; with `wait` its outcome, and sets exit 1 where it was refused. */
export const send = async (
  io: Io,
  connection: Connection,
  body: Request & { id: string },
  options: Pick<RequestOptions, 'wait' | 'timeout' | 'json'>,
): Promise<void> => {
  await connection.bus.publish('requests', body);
  if (options.wait !== true) {
    io.stdout.write(options.json === true ? `${JSON.stringify({ request: body })}\n` : `${body.id}\n`);
    return;
  }
  const record = await outcomeOf(connection, body.id, options.timeout * 1000);
  if (record.state === 'refused') io.setExit(1);
  if (options.json === true) {
    io.stdout.write(`${JSON.stringify({ request: body, record })}\n`);
    return;
  }
  const about = record.incident === undefined ? '' : ` (incident ${record.incident})`;
  io.stdout.write(`${body.id} ${record.state}: ${plain(record.outcome ?? 'no reason was given')}${about}\n`);
};

const outcomeOf = async (connection: Connection, id: string, timeoutMs: number): Promise<RequestRecord> => {
  const { stores } = connection;
  if (stores === undefined) {
    throw new Transient(`${id} is published, but its outcome cannot be read from here: look at the notices.`);
  }
  for (let waited = 0; waited <= timeoutMs; waited += POLL_MS) {
    const record = await stores.requests.get(id);
    if (record !== undefined && record.state !== 'seen') return record;
    await sleep(POLL_MS);
  }
  throw new Transient(
    `${id} is published, but had no outcome after ${timeoutMs / 1000} s: is \`firebreak local\` running?`,
  );
};
