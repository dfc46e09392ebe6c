import { strict as assert } from 'node:assert';
import type { ProjectApi } from '../../../shared/adapters/project-api.ts';
import { readLastTick, readStarted } from '../../../shared/adapters/project-started.ts';
import { Transient } from '../../../shared/errors.ts';
import { record } from '../../../shared/kubernetes/loose.ts';
import { FUNCTIONS } from '../../../shared/model/ids.ts';

const AT = '2026-03-02T10:15:00.000Z';
const NOW = Date.parse('2026-03-02T10:16:00.000Z');
const TICK = {
  timestamp: AT,
  jsonPayload: { function: 'operate', arrow: 'envelope -> acknowledged', fields: { topic: 'tick' } },
};
const startOf = (arrow: string, fields: object) => ({
  timestamp: AT,
  jsonPayload: { function: 'decide', arrow, fields },
  resource: { labels: { revision_name: 'decide-00001' } },
});

/** Answers each question about decide or operate with these pages, one after the other; all other logs are empty. */
const apiOf = (pages: readonly object[]): ProjectApi => ({
  ask: async ({ body, schema }) => {
    const { filter, pageToken } = record(body) ?? {};
    const asked = /jsonPayload\.function="(decide|operate)"/.test(String(filter));
    const at = pageToken === undefined ? 0 : Number(pageToken);
    const next = at + 1 < pages.length ? { nextPageToken: String(at + 1) } : {};
    return schema.parse(asked ? { ...pages[at], ...next } : {});
  },
  all: async () => [],
});

describe('the lines of functions, read from Cloud Logging', () => {
  it('are found on a later page, as the first ones may be empty while the service searches', async () => {
    assert.equal(await readLastTick(apiOf([{}, { entries: [] }, { entries: [TICK] }]), 'p1', NOW), AT);
    const started = [
      {},
      { entries: [startOf('file -> policy', { policy: 'a' })] },
      { entries: [startOf('file -> rules', { rules: 'b' })] },
    ];
    assert.deepEqual(await readStarted(apiOf(started), 'p1', NOW), [
      { function: 'decide', at: AT, revision: 'decide-00001', policy: 'a', rules: 'b' },
    ]);
  });

  it('are none only where the service has searched it all', async () => {
    const empty = Array.from({ length: 10 }, () => ({}));
    assert.equal(await readLastTick(apiOf(empty), 'p1', NOW), undefined);
    await assert.rejects(readLastTick(apiOf([...empty, { entries: [TICK] }]), 'p1', NOW), Transient);
  });

  it('are asked for by function, kind and time, newest first', async () => {
    const asked: unknown[] = [];
    const api: ProjectApi = {
      ask: async ({ body, schema }) => {
        asked.push(body);
        return schema.parse({});
      },
      all: async () => [],
    };
    const log = 'logName="projects/p1/logs/run.googleapis.com%2Fstdout" AND resource.type="cloud_run_revision"';
    const query = { resourceNames: ['projects/p1'], orderBy: 'timestamp desc' };
    await readLastTick(api, 'p1', NOW);
    const tick = 'jsonPayload.arrow="envelope -> acknowledged" AND jsonPayload.fields.topic="tick"';
    const since = 'timestamp>="2026-03-01T10:16:00.000Z"';
    assert.deepEqual(asked.splice(0), [
      { ...query, filter: `${log} AND jsonPayload.function="operate" AND ${tick} AND ${since}`, pageSize: 1 },
    ]);
    await readStarted(api, 'p1', NOW);
    const started = 'jsonPayload.arrow=("file -> policy" OR "file -> rules") AND timestamp>="2026-01-31T10:16:00.000Z"';
    assert.deepEqual(
      asked,
      FUNCTIONS.map((name) => ({
        ...query,
        filter: `${log} AND jsonPayload.function="${name}" AND ${started}`,
        pageSize: 10,
      })),
    );
  });

  it('count by their time, whatever their order, and a line of another shape does not count', async () => {
    const at = (timestamp: string, policy: string, revision?: string) => ({
      ...startOf('file -> policy', { policy }),
      timestamp,
      resource: revision === undefined ? undefined : { labels: { revision_name: revision } },
    });
    const lines = [
      { timestamp: AT, jsonPayload: { function: 'nobody' } },
      at('2026-03-02T10:14:00.000Z', 'new', 'decide-00002'),
      at('2026-03-02T10:12:00.000Z', 'older'),
      at('2026-03-02T10:13:00.000Z', 'old', 'decide-00001'),
    ];
    const newest = { function: 'decide', at: '2026-03-02T10:14:00.000Z', revision: 'decide-00002', policy: 'new' };
    for (const entries of [lines, lines.toReversed()])
      assert.deepEqual(await readStarted(apiOf([{ entries }]), 'p1', NOW), [newest]);
  });
});
