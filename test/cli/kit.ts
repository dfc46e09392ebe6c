import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Connect } from '../../cli/connect.ts';
import { type Io, makeIo } from '../../cli/io.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import type { Stores } from '../../shared/ports.ts';
import { openStores } from '../../shared/store/incidents.ts';

/** The time of every Io here, in ms since the epoch. */
export const NOW = Date.parse('2026-11-03T03:14:04.000Z');

/** An Io whose output is kept. `said` ends the streams and gives what was written. */
export const captured = (parts: Partial<Io> = {}): { io: Io; said(): Promise<{ out: string; err: string }> } => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io = makeIo({
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: { USER: 'ana' },
    cwd: '/',
    now: () => NOW,
    ...parts,
  });
  return {
    io,
    said: async () => {
      stdout.end();
      stderr.end();
      const [out, err] = await Promise.all([text(stdout), text(stderr)]);
      return { out, err };
    },
  };
};

export type Published = { topic: string; body: unknown; attributes?: Record<string, string> };

/** A deployment in memory. It keeps what is published; `answer` may write the outcome to the stores. */
export const fakeDeployment = (
  answer: (published: Published, stores: Stores) => Promise<void> = async () => {},
): { connect: Connect; published: Published[]; stores: Stores; closed(): number } => {
  const clock = { now: () => NOW, random: () => randomBytes(16).toString('hex') };
  const stores = openStores({ raw: makeMemoryStore(clock), clock });
  const published: Published[] = [];
  let closed = 0;
  return {
    published,
    stores,
    closed: () => closed,
    connect: async (_io, project = 'p1') => ({
      project,
      local: true,
      bus: {
        publish: async (topic, body, attributes) => {
          published.push({ topic, body, ...(attributes === undefined ? {} : { attributes }) });
          await answer({ topic, body }, stores);
          return String(published.length);
        },
      },
      stores,
      close: async () => {
        closed += 1;
      },
    }),
  };
};
