import { z } from 'zod';
import type { Started } from '../doctor/readers.ts';
import { FUNCTIONS } from '../model/ids.ts';
import { type Time, toTime } from '../model/time.ts';
import { logPage, readLogPages } from './log-pages.ts';
import type { ProjectApi } from './project-api.ts';

/** A line that a function writes when it has handled a message. */
export const handledLine = z.looseObject({
  function: z.enum(FUNCTIONS),
  arrow: z.literal('envelope -> acknowledged'),
  fields: z.looseObject({ topic: z.string() }),
});

/** A line that a function writes when it has read its policy or its rules file; `arrow` names which. */
export const startLine = z.looseObject({
  function: z.enum(FUNCTIONS),
  arrow: z.enum(['file -> policy', 'file -> rules']),
  fields: z.looseObject({ policy: z.string().optional(), rules: z.string().optional() }),
});

const entry = z.looseObject({
  timestamp: z.string(),
  jsonPayload: startLine,
  resource: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }).optional(),
});

/** For each function, the newest line of each kind, merged into one record. */
export const newest = (
  lines: ReadonlyArray<{ at: string; revision?: string; line: z.infer<typeof startLine> }>,
): Started[] => {
  const found = new Map<string, Started>();
  for (const { at, revision, line } of lines.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    const { policy, rules } = line.fields;
    found.set(line.function, {
      ...found.get(line.function),
      function: line.function,
      at,
      ...(revision === undefined ? {} : { revision }),
      ...(policy === undefined ? {} : { policy }),
      ...(rules === undefined ? {} : { rules }),
    });
  }
  return [...found.values()];
};

const DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * The newest lines of one function on stdout, newest first. Transient if the service has found none yet after ten
 * pages.
 */
const linesOf = (
  api: ProjectApi,
  project: string,
  of: { name: string; since: number; filter: readonly string[]; pageSize: number },
): Promise<unknown[]> => {
  const filter = [
    `logName="projects/${project}/logs/run.googleapis.com%2Fstdout"`,
    'resource.type="cloud_run_revision"',
    `jsonPayload.function="${of.name}"`,
    ...of.filter,
    `timestamp>="${new Date(of.since).toISOString()}"`,
  ].join(' AND ');
  const query = { resourceNames: [`projects/${project}`], filter, orderBy: 'timestamp desc', pageSize: of.pageSize };
  return readLogPages(`the logs of ${of.name}`, of.pageSize, (pageToken) => {
    const body = pageToken === undefined ? query : { ...query, pageToken };
    return api.ask({ service: 'logging', path: '/v2/entries:list', schema: logPage, body });
  });
};

/**
 * The policy and rules that the functions of a project logged when they started, from their logs of the last 30 days.
 */
export const readStarted = async (api: ProjectApi, project: string, now: number): Promise<Started[]> => {
  const filter = ['jsonPayload.arrow=("file -> policy" OR "file -> rules")'];
  const each = FUNCTIONS.map(async (name) => {
    const lines = await linesOf(api, project, { name, since: now - DAYS * DAY_MS, filter, pageSize: 10 });
    return lines.flatMap((one) => {
      const parsed = entry.safeParse(one);
      if (!parsed.success) return [];
      const { timestamp, jsonPayload, resource } = parsed.data;
      const revision = resource?.labels.revision_name;
      return [{ at: timestamp, line: jsonPayload, ...(revision === undefined ? {} : { revision }) }];
    });
  });
  return newest((await Promise.all(each)).flat());
};

const handled = z.looseObject({ timestamp: z.string(), jsonPayload: handledLine });

/** When operate last acknowledged a tick, from its logs of the last day. */
export const readLastTick = async (api: ProjectApi, project: string, now: number): Promise<Time | undefined> => {
  const filter = ['jsonPayload.arrow="envelope -> acknowledged"', 'jsonPayload.fields.topic="tick"'];
  const [last] = await linesOf(api, project, { name: 'operate', since: now - DAY_MS, filter, pageSize: 1 });
  const parsed = handled.safeParse(last);
  return parsed.success ? toTime(parsed.data.timestamp) : undefined;
};
