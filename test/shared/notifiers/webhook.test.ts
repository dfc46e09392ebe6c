import { strict as assert } from 'node:assert';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '../../../shared/adapters/clock.ts';
import { Transient } from '../../../shared/errors.ts';
import { webhookHeaders } from '../../../shared/webhook-signature.ts';
import { INCIDENT, noticeOf, notifyKit } from '../../kit/notices.ts';
import { startReceiver } from '../../kit/webhook-receiver.ts';

const OLD = `whsec_${Buffer.alloc(32, 'old').toString('base64')}`;
const NEW = `whsec_${Buffer.alloc(32, 'new').toString('base64')}`;

const set = async (env: Record<string, string> = {}, secret = OLD) => {
  let now = () => 0;
  const receiver = await startReceiver(secret, () => now());
  const kit = notifyKit({
    env: { FIREBREAK_WEBHOOK_URL: `${receiver.address}/hook?team=sec`, FIREBREAK_WEBHOOK_SECRET: OLD, ...env },
  });
  now = kit.clock.now;
  return { receiver, ...kit };
};

describe('webhook', () => {
  it('posts the notice with its text, signed for the receiver', async () => {
    const { receiver, notify } = await set();
    await using _ = receiver;
    await notify(noticeOf());
    assert.deepEqual(receiver.refused, []);
    assert.equal(receiver.asked[0]?.path, 'POST /hook?team=sec');
    assert.deepEqual(receiver.accepted.get(`${INCIDENT}_0`), {
      ...noticeOf(),
      text: [
        'high with confidence 0.90: pod shop/cart-7d9f: quarantine',
        'pod shop/cart-7d9f in p1/europe-west1/c1: containing, quarantine',
        'ana@example.com ran a shell',
      ],
    });
  });

  it('signs as the example of Standard Webhooks', () => {
    // The example of the specification's libraries.
    const headers = webhookHeaders({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: 1_614_265_330_999,
      body: '{"test": 2432232314}',
      secrets: [Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')],
    });
    assert.equal(headers['webhook-timestamp'], '1614265330');
    assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is verified by the library of Standard Webhooks, and only with its secret', async () => {
    const receiver = await startReceiver(OLD, Date.now);
    await using _ = receiver;
    const { notify } = notifyKit({
      env: { FIREBREAK_WEBHOOK_URL: receiver.address, FIREBREAK_WEBHOOK_SECRET: OLD },
      clock: systemClock,
    });
    await notify(noticeOf());
    const { headers = {}, body = '' } = receiver.asked[0] ?? {};
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    assert.deepEqual(Object(new Webhook(OLD).verify(body, given)).incident, INCIDENT);
    assert.throws(() => new Webhook(NEW).verify(body, given));
    assert.throws(() => new Webhook(OLD).verify(body.replace('quarantine', 'observe'), given));
  });

  it('repeats a post with the same id and a new time, so that a receiver recognises it', async () => {
    const { receiver, deliver } = await set();
    await using _ = receiver;
    receiver.faults.push('lost', 'down', { status: 500, body: 'no' });
    assert.equal(await deliver(noticeOf()), 4);
    assert.deepEqual(receiver.refused, []);
    assert.equal(receiver.accepted.size, 1);
    assert.deepEqual([...new Set(receiver.asked.map(({ headers }) => headers['webhook-id']))], [`${INCIDENT}_0`]);
    assert.equal(new Set(receiver.asked.map(({ headers }) => headers['webhook-timestamp'])).size, 4);
  });

  it('is refused by a receiver if it was changed, replayed later, or signed with another secret', async () => {
    const { receiver, notify, clock } = await set();
    await using _ = receiver;
    await notify(noticeOf());
    const [sent] = receiver.asked;
    assert.ok(sent !== undefined);
    const again = (body: string) =>
      fetch(`${receiver.address}/hook`, {
        method: 'POST',
        headers: Object.fromEntries(
          ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
            name,
            sent.headers[name] ?? '',
          ]),
        ),
        body,
      });
    assert.equal((await again(sent.body)).status, 204);
    assert.equal((await again(sent.body.replace('quarantine', 'observe'))).status, 401);
    await clock.sleep(301_000);
    assert.equal((await again(sent.body)).status, 401);
    assert.equal(receiver.refused.length, 2);
    const other = await set({}, NEW);
    await using __ = other.receiver;
    await assert.rejects(other.notify(noticeOf()), /the webhook refused it \(401\)/);
  });

  it('signs with two secrets while a receiver changes its secret', async () => {
    for (const secret of [OLD, NEW]) {
      const { receiver, notify } = await set({ FIREBREAK_WEBHOOK_SECRET: `${NEW},${OLD}` }, secret);
      await using _ = receiver;
      await notify(noticeOf());
      assert.deepEqual([receiver.accepted.size, receiver.refused], [1, []]);
    }
  });

  it('follows no redirect, and does not reveal the address or the secret', async () => {
    const { receiver, notify } = await set();
    await using _ = receiver;
    receiver.faults.push({ status: 307, headers: { location: `${receiver.address}/elsewhere` }, body: '' }, 'down');
    for (const sentence of [/the webhook answered 307/, /http:\/\/127\.0\.0\.1:\d+ gave no answer/]) {
      await assert.rejects(notify(noticeOf()), (thrown) => {
        assert.ok(thrown instanceof Transient);
        assert.match(thrown.message, sentence);
        assert.doesNotMatch(thrown.message, /team=sec|whsec/);
        return true;
      });
    }
    assert.equal(receiver.accepted.size, 0);
  });
});
