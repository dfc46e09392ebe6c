import { strict as assert } from 'node:assert';
import type { RequestListener } from 'node:http';
import { PassThroughClient } from 'google-auth-library';
import { startMonitoringServer } from '../../../local/monitoring-server.ts';
import { seedShop } from '../../../local/world/seed.ts';
import { makeWorld } from '../../../local/world/world.ts';
import { clientOfToken } from '../../../shared/adapters/google-auth.ts';
import { makeMetricsReader } from '../../../shared/adapters/metrics.ts';
import { Denied, Malformed, Transient } from '../../../shared/errors.ts';
import type { SeriesQuery } from '../../../shared/model/series.ts';
import { metricsContract } from '../../contracts/metrics.ts';
import { against } from '../../kit/against.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';

const at = (port: number, identity = 'anyone', timeoutMs = 2_000) =>
  makeMetricsReader(
    { apiEndpoint: '127.0.0.1', port, protocol: 'http', projectId: 'p1', authClient: clientOfToken(identity) },
    timeoutMs,
  );

metricsContract('Cloud Monitoring through its client library', async () => {
  const clock = virtualClock();
  const world = makeWorld(clock);
  seedShop(world);
  const server = await startMonitoringServer({ world: world.monitoring, now: clock.now });
  return { world, now: clock.now(), as: (identity) => at(server.port, identity), stop: server.close };
});

const QUERY: SeriesQuery = {
  project: 'p1',
  metric: 'kubernetes.io/container/cpu/limit_utilization',
  resource: 'k8s_container',
  labels: { pod_name: 'cart-0' },
  from: 0,
  until: 3_600_000,
  stepMs: 60_000,
  as: 'mean',
};

describe('reading metrics', () => {
  const answering =
    (status: number, body: unknown): RequestListener =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
  const refusal = (code: number, status: string) => ({ error: { code, status, message: 'no\n\u001b[31m' } });

  const refusals: Array<[string, number, unknown, new (message?: string) => Error, RegExp]> = [
    ['a filter that it cannot read', 400, refusal(400, 'INVALID_ARGUMENT'), Malformed, /answered 400/],
    ['no right', 403, refusal(403, 'PERMISSION_DENIED'), Denied, /limit_utilization of project p1: answered 403/],
    ['a token that has run out', 401, refusal(401, 'UNAUTHENTICATED'), Denied, /answered 401/],
    ['a quota', 429, refusal(429, 'RESOURCE_EXHAUSTED'), Transient, /answered 429/],
    ['an outage', 500, refusal(500, 'INTERNAL'), Transient, /answered 500/],
    ['an answer that is none', 200, '<html>', Transient, /reading/],
    ['a page of something before the service', 404, '<html>', Transient, /answered 404/],
    [
      'series that it could not read in full',
      200,
      { timeSeries: [], executionErrors: [{ code: 4, message: 'late' }] },
      Transient,
      /not all of the series.*late/,
    ],
  ];
  for (const [what, status, body, kind, sentence] of refusals) {
    it(`throws the right error for ${what}`, () =>
      against(answering(status, body), async (port) => {
        await assert.rejects(at(port).series(QUERY), (thrown) => {
          assert.ok(thrown instanceof kind, String(thrown));
          assert.match(thrown.message, sentence);
          assert.doesNotMatch(thrown.message, /[\u0000-\u001f]/);
          return true;
        });
      }));
  }

  it('gives up on a service that never answers', () =>
    against(
      () => undefined,
      (port) => assert.rejects(at(port, 'anyone', 200).series(QUERY), Transient),
    ));

  it('gives up if its token does not come in time', async () => {
    class Waiting extends PassThroughClient {
      override fetch = () => new Promise<never>(() => {});
    }
    const reader = makeMetricsReader({ projectId: 'p1', authClient: new Waiting() }, 100);
    await assert.rejects(reader.series(QUERY), Transient);
  });

  const point = (minute: number, value: unknown) => {
    const time = new Date(minute * 60_000).toISOString();
    return { interval: { startTime: time, endTime: time }, value };
  };
  const seriesOf = (...points: unknown[]) => ({
    metric: { type: 'm', labels: {} },
    resource: { type: 'k8s_container', labels: { pod_name: 'cart-0' } },
    points,
  });

  it('joins a series from several pages, and reads samples that are whole numbers', async () => {
    const asked: string[] = [];
    const pages = [
      { timeSeries: [seriesOf(point(3, { doubleValue: 0.3 }), point(2, { int64Value: '2' }))], nextPageToken: 'a' },
      { timeSeries: [seriesOf(point(1, { doubleValue: 0 }), point(0, { stringValue: 'x' }))] },
    ];
    await against(
      (request, response) => {
        const url = new URL(request.url ?? '', 'http://m');
        answering(200, pages[asked.push(url.searchParams.get('pageToken') ?? '') - 1])(request, response);
      },
      async (port) => {
        assert.deepEqual(await at(port).series(QUERY), [
          {
            labels: { pod_name: 'cart-0' },
            samples: [
              { at: 60_000, value: 0 },
              { at: 120_000, value: 2 },
              { at: 180_000, value: 0.3 },
            ],
          },
        ]);
        assert.deepEqual(asked, ['', 'a']);
      },
    );
  });

  it('keeps the accelerators of one container apart', async () => {
    const of = (id: string, value: number) => ({
      ...seriesOf(point(2, { int64Value: value }), point(1, { int64Value: value })),
      metric: { type: 'm', labels: { accelerator_id: id } },
    });
    await against(answering(200, { timeSeries: [of('0', 99), of('1', 0)] }), async (port) => {
      const found = await at(port).series(QUERY);
      assert.deepEqual(
        found.map(({ samples }) => samples.map(({ value }) => value)),
        [
          [99, 99],
          [0, 0],
        ],
      );
    });
  });

  it('stops after five pages', async () => {
    let asked = 0;
    await against(
      (request, response) => {
        asked += 1;
        answering(200, { timeSeries: [], nextPageToken: 'more' })(request, response);
      },
      async (port) => assert.deepEqual(await at(port).series(QUERY), []),
    );
    assert.equal(asked, 5);
  });
});

describe('the simulated Cloud Monitoring', () => {
  const ask = async (query: string, token = 'anyone', path = '/v3/projects/p1/timeSeries') => {
    const clock = virtualClock();
    const world = makeWorld(clock);
    seedShop(world);
    const server = await startMonitoringServer({ world: world.monitoring, now: clock.now });
    try {
      const response = await fetch(`${server.url}${path}?${query}`, { headers: { authorization: `Bearer ${token}` } });
      return { status: response.status, text: await response.text() };
    } finally {
      await server.close();
    }
  };
  const GOOD = {
    filter: 'metric.type = "kubernetes.io/container/cpu/limit_utilization"',
    'interval.startTime': '2026-03-02T02:00:00Z',
    'interval.endTime': '2026-03-02T03:00:00Z',
    'aggregation.alignmentPeriod': '60s',
    'aggregation.perSeriesAligner': 'ALIGN_MEAN',
    view: '0',
  };
  const asked = (over: Record<string, string | undefined>): Promise<{ status: number; text: string }> => {
    const query = new URLSearchParams(GOOD);
    for (const [key, value] of Object.entries(over)) {
      if (value === undefined) query.delete(key);
      else query.set(key, value);
    }
    return ask(query.toString());
  };

  it('answers a valid request', async () => assert.equal((await asked({})).status, 200));

  const wrong: Array<[string, Record<string, string | undefined>, RegExp]> = [
    ['a parameter that is none', { 'interval.until': 'x' }, /Unknown name/],
    ['a parameter of a text', { 'filter.x': 'x' }, /Unknown name/],
    ['no filter', { filter: undefined }, /missing field filter/],
    ['no view', { view: undefined }, /missing field view/],
    ['a filter without a metric', { filter: 'resource.type = "k8s_container"' }, /valid combination/],
    ['a filter that it cannot read', { filter: 'metric.type == "x"' }, /valid combination/],
    ['the wrong kind of resource', { filter: `${GOOD.filter} AND resource.type = "k8s_node"` }, /valid combination/],
    ['a time that is none', { 'interval.endTime': 'now' }, /Timestamp/],
    ['an interval that runs backwards', { 'interval.startTime': '2026-03-03T00:00:00Z' }, /must not be after/],
    [
      'an aligner that does not fit',
      { 'aggregation.perSeriesAligner': '2' },
      /cannot be applied to metrics with kind GAUGE/,
    ],
    ['an aligner that is none', { 'aggregation.perSeriesAligner': 'ALIGN_BEST' }, /Invalid value/],
    ['a period that is too short', { 'aggregation.alignmentPeriod': '10s' }, /at least 60 seconds/],
    ['a number that is none', { pageSize: 'many' }, /TYPE_INT32/],
  ];
  for (const [what, over, sentence] of wrong) {
    it(`refuses ${what}`, async () => {
      const { status, text } = await asked(over);
      assert.equal(status, 400);
      assert.match(text, sentence);
    });
  }

  it('refuses an unknown caller and an unknown path', async () => {
    const query = new URLSearchParams(GOOD).toString();
    assert.equal((await ask(query, 'firebreak-notify')).status, 403);
    assert.equal((await ask(query, '')).status, 401);
    assert.equal((await ask(query, 'anyone', '/v3/projects/p1/metricDescriptors')).status, 404);
  });
});
