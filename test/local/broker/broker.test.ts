import { strict as assert } from 'node:assert';
import { setImmediate } from 'node:timers/promises';
import { startBroker } from '../../../local/broker/broker.ts';
import type { Delivery, PushSubscription } from '../../../local/broker/message.ts';
import { brokerContract } from '../../contracts/broker.ts';
import { makeFakeTimer } from './fake-timer.ts';
import { PRODUCTION_DELIVERY } from './production-delivery.ts';

describe('the embedded broker', () => {
  describe('as a bus', () => brokerContract(() => startBroker({ project: 'p1' })));

  const subscription: PushSubscription = {
    ...PRODUCTION_DELIVERY,
    name: 'firebreak-decide-findings',
    topic: 'findings',
    endpoint: 'http://127.0.0.1:1',
    identity: 't',
    deadLetter: 'dead-letters',
  };

  const started = async (answer: (delivery: Delivery, signal: AbortSignal) => Promise<'acked' | 'nacked'>) => {
    const timer = makeFakeTimer();
    const pushed: string[] = [];
    const broker = await startBroker({
      project: 'p1',
      timer,
      push: (delivery, signal) => {
        pushed.push(`${delivery.message.messageId.slice(-1)}/${delivery.attempt}`);
        return answer(delivery, signal);
      },
    });
    return { timer, pushed, broker, [Symbol.asyncDispose]: () => broker.stop() };
  };

  it('retries after 10 to 600 s, as production does, and buries the message after ten attempts', async () => {
    await using s = await started(async () => 'nacked');
    await s.broker.subscribe(subscription);
    await s.broker.publish('findings', { n: 1 });
    const waits = await s.timer.runAll();
    assert.deepEqual(
      waits,
      [10, 20, 40, 80, 160, 320, 600, 600, 600].map((seconds) => seconds * 1000),
    );
    assert.deepEqual(s.broker.counters(), { published: 2, delivered: 10, acked: 0, nacked: 10, dead: 1 });
    assert.equal(s.broker.published('dead-letters').length, 1);
  });

  it('treats a delivery without an answer within the ack deadline as nacked', async () => {
    const never = (_: Delivery, signal: AbortSignal) =>
      new Promise<'nacked'>((resolve) => signal.addEventListener('abort', () => resolve('nacked')));
    await using s = await started(never);
    await s.broker.subscribe(subscription);
    await s.broker.publish('findings', {});
    assert.equal(await s.timer.next(), 600_000);
    assert.equal(s.broker.counters().nacked, 1);
  });

  it('is idle only once the pending retries are over', async () => {
    let fails = 1;
    await using s = await started(async () => (fails-- > 0 ? 'nacked' : 'acked'));
    await s.broker.subscribe(subscription);
    await s.broker.idle();
    await s.broker.publish('findings', {});
    let idle = false;
    const done = s.broker.idle().then(() => {
      idle = true;
    });
    await s.timer.settle();
    assert.equal(idle, false);
    assert.equal(s.broker.outstanding(), 1);
    await s.timer.runAll();
    await done;
    assert.equal(s.broker.outstanding(), 0);
  });

  it('pushes at most as many messages at a time as the subscription allows', async () => {
    let [now, most] = [0, 0];
    await using s = await started(async () => {
      most = Math.max(most, ++now);
      await setImmediate();
      now--;
      return 'acked';
    });
    await s.broker.subscribe({ ...subscription, concurrency: 3 });
    await Promise.all(Array.from({ length: 20 }, (_, n) => s.broker.publish('findings', { n })));
    await s.broker.idle();
    assert.equal(most, 3);
    assert.equal(s.broker.counters().acked, 20);
  });

  it('can deliver each message five times, reorder messages, and lose a reply', async () => {
    await using s = await started(async () => 'acked');
    await s.broker.subscribe({ ...subscription, concurrency: 1 });
    s.broker.setFaults({
      copies: () => 5,
      pick: (length) => length - 1,
      dropReply: ({ message, attempt }) => message.messageId.endsWith('1') && attempt === 1,
    });
    await s.broker.publish('findings', {});
    await s.broker.publish('findings', {});
    await s.timer.runAll();
    await s.broker.idle();
    assert.equal(s.pushed.filter((one) => one === '2/1').length, 5);
    assert.equal(s.pushed.filter((one) => one === '1/1').length, 5);
    assert.equal(s.pushed.filter((one) => one === '1/2').length, 5);
    assert.ok(s.pushed.indexOf('2/1') < s.pushed.lastIndexOf('1/1'));
  });

  it('numbers messages above those of an earlier run', async () => {
    const timer = makeFakeTimer();
    const first = await startBroker({ project: 'p1', timer });
    const before = BigInt(await first.publish('findings', {}));
    await first.stop();
    timer.advance(1);
    const second = await startBroker({ project: 'p1', timer });
    const after = BigInt(await second.publish('findings', {}));
    await second.stop();
    assert.ok(after > before);
  });
});
