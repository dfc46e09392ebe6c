import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { isAlive } from '../local/alive.ts';
import { handledLine, newest, startLine } from '../shared/adapters/project-started.ts';
import type { CommonReaders, LocalReader, Started } from '../shared/doctor/readers.ts';
import { jsonOf } from '../shared/json.ts';
import { record } from '../shared/kubernetes/loose.ts';
import { type Time, toTime } from '../shared/model/time.ts';
import type { LocalFile } from './local-file.ts';

const TIMEOUT_MS = 2000;

/** Whether something listens at the URL's host and port; sends nothing. */
const answers = (url: string): Promise<boolean> => {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const end = (does: boolean): void => {
      socket.destroy();
      resolve(does);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(false));
    socket.on('connect', () => end(true)).on('error', () => end(false));
  });
};

const isWritable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );

/** When operate last acknowledged a tick, according to its log. */
const readLastTick = async (folder: string): Promise<Time | undefined> => {
  const text = await readFile(join(folder, 'operate.log'), 'utf8').catch(() => '');
  for (const line of text.split('\n').toReversed()) {
    if (!line.includes('"topic":"tick"')) continue;
    const json = jsonOf(line);
    if (handledLine.safeParse(json).data?.fields.topic === 'tick') return toTime(String(Object(json).time));
  }
  return undefined;
};

/** The policy and rules that the functions logged when they started. */
const readStarts = async (folder: string): Promise<Started[]> => {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    names.filter((name) => name.endsWith('.log')).map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
  );
  const lines = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.includes('"arrow":"file -> '))
    .flatMap((line) => {
      const json = jsonOf(line);
      const read = startLine.safeParse(json);
      const at = String(record(json)?.time ?? '');
      return read.success ? [{ at, line: read.data }] : [];
    });
  return newest(lines);
};

/** Reads the stack on this machine, from its announcement. */
export const makeLocalReader = (
  file: LocalFile,
): LocalReader & Pick<CommonReaders, 'started' | 'lastTick'> & { logs: string } => {
  const logs = join(dirname(file.path), 'logs');
  const { project, bus, functions, pid, startedAt, evidence } = file;
  return {
    project,
    isRunning: pid !== undefined && isAlive(pid),
    bus,
    functions,
    answers,
    evidence: async () => {
      const path = evidence ?? join(dirname(file.path), 'evidence');
      // The folder is made when the first evidence comes, so a writable parent folder suffices.
      return { path, writable: (await isWritable(path)) || (await isWritable(dirname(path))) };
    },
    ...(pid === undefined ? {} : { pid }),
    ...(startedAt === undefined ? {} : { startedAt }),
    started: () => readStarts(logs),
    lastTick: () => readLastTick(logs),
    logs,
  };
};
