import { strict as assert } from 'node:assert';
import { makeRestBus } from '../../../shared/adapters/bus-rest.ts';
import { Denied, Transient } from '../../../shared/errors.ts';
import { type Answered, type HttpService, startHttpService } from '../../kit/http-service.ts';

const accepted = (...messageIds: string[]): Answered => ({ status: 200, body: JSON.stringify({ messageIds }) });

describe('bus-rest', () => {
  let service: HttpService;
  beforeEach(async () => {
    service = await startHttpService(({ body }) =>
      accepted(...JSON.parse(body).messages.map((_: unknown, n: number) => `m-${n}`)),
    );
  });
  afterEach(() => service[Symbol.asyncDispose]());
  const publish = (...bodies: object[]) => {
    const bus = makeRestBus({ endpoint: service.address, project: 'p1' });
    return Promise.allSettled(bodies.map((body) => bus.publish('notices', body)));
  };

  it('posts a message in the form of Pub/Sub and gives its id', async () => {
    assert.deepEqual(await publish({ n: 1 }), [{ status: 'fulfilled', value: 'm-0' }]);
    const [{ path, body } = assert.fail()] = service.asked;
    assert.equal(path, 'POST /v1/projects/p1/topics/firebreak-notices:publish');
    assert.deepEqual(JSON.parse(body), { messages: [{ data: btoa('{"n":1}'), attributes: {} }] });
  });

  it('sends what is published at once together', async () => {
    await publish({ n: 1 }, { n: 2 }, { n: 3 });
    assert.deepEqual(
      service.asked.map(({ body }) => JSON.parse(body).messages.length),
      [3],
    );
  });

  const refused: Array<[string, Answered, typeof Denied | typeof Transient, RegExp]> = [
    ['without an identity', { status: 401, body: '{}' }, Denied, /refused \(401\)$/],
    ['without the right', { status: 403, body: '{}' }, Denied, /refused \(403\)$/],
    ['that the service cannot read', { status: 400, body: '{}' }, Transient, /answered 400$/],
    ['that is led elsewhere', { status: 300, body: '{"messageIds":["m-0"]}' }, Transient, /answered 300$/],
    ['that gets no id', accepted(), Transient, /answered without an id for each message$/],
    ['that gets an id too many', accepted('m-0', 'm-1'), Transient, /answered without an id for each message$/],
    ['that is answered by something else', { status: 200, body: '<html>' }, Transient, /without an id/],
  ];
  for (const [what, answer, type, sentence] of refused)
    it(`is not content with a message ${what}: it would be lost`, async () => {
      service.faults.push(answer);
      const [outcome] = await publish({ n: 1 });
      const reason: unknown = outcome?.status === 'rejected' ? outcome.reason : undefined;
      assert.ok(reason instanceof type && reason instanceof Error);
      assert.match(reason.message, /^publishing to firebreak-notices at http:\/\/127\.0\.0\.1:\d+: /);
      assert.match(reason.message, sentence);
    });

  for (const [many, calls] of [
    [2, 3],
    [3, 4],
  ] as const)
    it(`sends each of ${many} messages alone if they are refused together, and fails only the one that is at fault`, async () => {
      service.faults.push({ status: 400, body: '{}' }, { status: 403, body: '{}' });
      const outcomes = await publish(...Array.from({ length: many }, (_, n) => ({ n })));
      const isDenied = outcomes.map((o) => o.status === 'rejected' && o.reason instanceof Denied);
      assert.equal(isDenied.filter(Boolean).length, 1);
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, many - 1);
      assert.equal(service.asked.length, calls);
    });
});
