import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FunctionProcess, startFunction } from '../../local/processes.ts';

// One function, started alone, that receives every form in which an event can reach it.
describe('a function under functions-framework', () => {
  let dir: string;
  let notify: FunctionProcess;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firebreak events '));
    notify = await startFunction({
      name: 'notify',
      source: fileURLToPath(new URL('../../functions/notify/index.ts', import.meta.url)),
      env: { FIREBREAK_PROJECT: 'p1', FIREBREAK_MEMORY_STORE: `sqlite:${join(dir, 'memory.db')}` },
      logFile: join(dir, 'notify.log'),
    });
  });
  after(async () => {
    await notify.stop();
    await rm(dir, { recursive: true });
  });

  const notice = (seq: number): string =>
    Buffer.from(
      JSON.stringify({
        v: 1,
        incident: 'i-shapes-1',
        seq,
        kind: 'contained',
        at: '2026-03-01T10:00:00.000Z',
        title: `notice ${seq}`,
        lines: [],
        severity: 'high',
        tier: 'quarantine',
        state: 'contained',
        target: { project: 'p1' },
      }),
    ).toString('base64');
  const push = (seq: number) => ({
    subscription: 'projects/p1/subscriptions/firebreak-notify-notices',
    message: { data: notice(seq), messageId: String(seq), publishTime: '2026-03-01T10:00:00Z' },
  });
  const event = {
    specversion: '1.0',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source: '//pubsub.googleapis.com/projects/p1/topics/firebreak-notices',
    id: '1',
  };
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<number> => {
    const response = await fetch(new URL(path, notify.address), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    await response.text();
    return response.status;
  };
  const lines = async (): Promise<Array<Record<string, unknown>>> => {
    const text = await readFile(join(dir, 'notify.log'), 'utf8');
    return text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  };
  const told = async (seq: number): Promise<boolean> =>
    (await lines()).some(
      ({ arrow, message }) => arrow === 'notice -> log' && String(message).includes(`notice ${seq}`),
    );

  it('handles a push to the path of its topic', async () => {
    assert.equal(await post('/projects/p1/topics/firebreak-notices', push(1)), 204);
    assert.equal(await told(1), true);
  });

  it('handles a binary CloudEvent, and logs its trace', async () => {
    const ce = Object.fromEntries(Object.entries(event).map(([name, value]) => [`ce-${name}`, value]));
    const traceparent = `00-${'c3'.repeat(16)}-${'d4'.repeat(8)}-01`;
    assert.equal(await post('/', push(2), { ...ce, traceparent }), 204);
    assert.equal(await told(2), true);
    const traced = (await lines()).at(-1)?.['logging.googleapis.com/trace'];
    assert.equal(traced, `projects/p1/traces/${'c3'.repeat(16)}`);
  });

  it('handles a structured CloudEvent', async () => {
    const body = { ...event, data: push(3) };
    assert.equal(await post('/', body, { 'content-type': 'application/cloudevents+json' }), 204);
    assert.equal(await told(3), true);
  });

  it('acknowledges and counts a push without data, which the framework passes on raw', async () => {
    const { subscription } = push(4);
    const raw = { subscription, message: { attributes: { topic: 'firebreak-notices' }, messageId: '4' } };
    assert.equal(await post('/projects/p1/topics/firebreak-notices', raw), 204);
    const last = (await lines()).at(-1);
    assert.deepEqual([last?.metric, last?.count], ['malformed', 1]);
  });

  it("acknowledges and counts a push to a path without a topic or to another function's topic", async () => {
    assert.equal(await post('/', push(5)), 204);
    assert.equal(await post('/projects/p1/topics/firebreak-containment', push(5)), 204);
    assert.equal(await told(5), false);
    const counted = (await lines())
      .filter(({ metric }) => metric === 'malformed')
      .map(({ message }) => String(message));
    assert.ok(counted.some((message) => message.includes('no readable topic')));
    assert.ok(counted.some((message) => message.includes('topic containment is not one of ours')));
  });

  it('does not acknowledge a body that is not JSON', async () => {
    assert.equal(await post('/projects/p1/topics/firebreak-notices', '{'), 400);
  });
});
