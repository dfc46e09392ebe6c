import { strict as assert } from 'node:assert';
import { makeSpans } from '../../../shared/adapters/spans.ts';
import { makeOtlpRecorder, type OtlpOptions } from '../../../shared/adapters/spans-otlp.ts';
import { startServer } from '../../kit/listening.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../kit/otlp-receiver.ts';

const PARENT = { traceId: 'a1'.repeat(16), spanId: 'b2'.repeat(8) };
const LINK = { traceId: 'c3'.repeat(16), spanId: 'd4'.repeat(8) };

const spansTo = ({ url }: OtlpReceiver, over: Partial<OtlpOptions> = {}) => {
  const failed: string[] = [];
  const options = { endpoint: url, function: 'decide', project: 'p1', failed: (why: string) => void failed.push(why) };
  return { spans: makeSpans(makeOtlpRecorder({ ...options, ...over })), failed };
};

describe('spans sent by OTLP', () => {
  it('arrive with their parent, links, attributes and events', async () => {
    await using receiver = await startOtlpReceiver();
    const { spans, failed } = spansTo(receiver);
    const start = {
      kind: 'consumer',
      parent: PARENT,
      link: LINK,
      facts: { topic: 'findings', attempt: 2, none: undefined },
    };
    await spans.span('receive', { ...start, kind: 'consumer' }, async () => {
      spans.event('signal -> finding', { message: 'seen' });
      spans.past('step cordon-node', 1500, { state: 'applied' });
    });
    await spans.flush();
    assert.deepEqual(failed, []);
    const [outer, ...more] = receiver.spans.filter(({ name }) => name === 'receive');
    const [step] = receiver.spans.filter(({ name }) => name.startsWith('step'));
    assert.ok(outer !== undefined && more.length === 0 && step !== undefined);
    assert.deepEqual([outer.traceId, outer.parentSpanId], [PARENT.traceId, PARENT.spanId]);
    assert.deepEqual(outer.links, [LINK]);
    assert.deepEqual(outer.attributes, { topic: 'findings', attempt: '2' });
    assert.deepEqual(outer.events, [{ name: 'signal -> finding', attributes: { message: 'seen' } }]);
    assert.deepEqual([step.traceId, step.parentSpanId], [PARENT.traceId, outer.spanId]);
    const took = step.endTimeUnixNano - step.startTimeUnixNano;
    assert.ok(took > 1400 && took < 1700, String(took));
    assert.equal(outer.service, 'firebreak-decide');
    assert.equal(outer.resource['gcp.project_id'], 'p1');
  });

  it('record that the work failed, and with which error', async () => {
    await using receiver = await startOtlpReceiver();
    const { spans } = spansTo(receiver);
    await assert.rejects(
      spans.span('a', {}, async () => Promise.reject(new Error('no\n\u202eright'))),
      /right/,
    );
    await spans.flush();
    const { code, message } = receiver.spans[0]?.status ?? assert.fail();
    assert.equal(code, 2);
    assert.doesNotMatch(message, /[\n\u202e]/);
  });

  it("are sent below the path of the receiver's URL", async () => {
    const paths: Array<string | undefined> = [];
    const { url, stop } = await startServer((request, response) => {
      paths.push(request.url);
      response.end();
    });
    const options = { function: 'decide', project: 'p1', failed: assert.fail };
    for (const path of ['', '/', '/otlp', '/otlp/']) {
      const endpoint = `${url}${path}`;
      const spans = makeSpans(makeOtlpRecorder({ ...options, endpoint }));
      await spans.span('a', {}, async () => undefined);
      await spans.flush();
    }
    await stop();
    assert.deepEqual(paths, ['/v1/traces', '/v1/traces', '/otlp/v1/traces', '/otlp/v1/traces']);
  });

  it('carry a token if one is given', async () => {
    await using receiver = await startOtlpReceiver();
    const { spans } = spansTo(receiver, { token: async () => 't' });
    await spans.span('a', {}, async () => undefined);
    await spans.flush();
    assert.equal(receiver.headers[0]?.authorization, 'Bearer t');
    // A header that names a project would need a permission on it that no function has.
    assert.equal(receiver.headers[0]?.['x-goog-user-project'], undefined);
  });

  // Telemetry that cannot be sent must not hold up the work.
  for (const how of [403, 'silent'] as const) {
    it(`are dropped and reported if the receiver ${how === 'silent' ? 'does not answer' : 'refuses them'}`, async () => {
      await using receiver = await startOtlpReceiver();
      receiver.answer(how);
      const { spans, failed } = spansTo(receiver);
      assert.equal(await spans.span('a', {}, async () => 7), 7);
      await spans.flush();
      assert.equal(failed.length, 1);
    });
  }
});
