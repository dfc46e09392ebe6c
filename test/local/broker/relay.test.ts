import { strict as assert } from 'node:assert';
import { makeRelay, type Relay } from '../../../local/broker/relay.ts';
import { type Receiver, startReceiver } from '../../contracts/receiver.ts';
import { makeFakeTimer } from './fake-timer.ts';
import { PRODUCTION_DELIVERY } from './production-delivery.ts';

describe('the relay before the functions', () => {
  let relay: Relay;
  let receiver: Receiver;
  let status = 204;
  const timer = makeFakeTimer();

  beforeEach(async () => {
    status = 204;
    relay = makeRelay('p1', timer);
    receiver = await startReceiver(() => status);
  });
  afterEach(async () => {
    await receiver.stop();
  });

  const push = (): Promise<number> =>
    relay.push(
      {
        ...PRODUCTION_DELIVERY,
        name: 'firebreak-decide-findings',
        topic: 'findings',
        endpoint: receiver.endpoint,
        identity: 'token',
        deadLetter: 'dead-letters',
        maxAttempts: 3,
      },
      { messageId: '1', data: 'e30=', publishTime: '2026-03-01T00:00:00Z', attributes: {} },
    );

  const isIdle = async (): Promise<boolean> => {
    let idle = false;
    void relay.idle().then(() => {
      idle = true;
    });
    timer.advance(1000);
    // Only a few checks: a relay that is not idle would check for ever.
    for (let looks = 0; looks < 5; looks++) await timer.next();
    return idle;
  };

  it('passes on the push with the identity of the subscription, the attempt, and an id of this run', async () => {
    assert.equal(await push(), 0);
    const [first] = receiver.received;
    assert.equal(first?.path, '/projects/p1/topics/firebreak-findings');
    assert.equal(first?.authorization, 'Bearer token');
    assert.equal(first?.deliveryAttempt, 1);
    assert.equal(first?.message.messageId, relay.idOf('1'));
    assert.notEqual(relay.idOf('1'), '1');
  });

  it('is not idle while a message has to be delivered again, and is idle once that succeeds', async () => {
    status = 500;
    assert.equal(await push(), 1);
    assert.equal(await isIdle(), false);
    status = 204;
    assert.equal(await push(), 0);
    assert.equal(receiver.received.at(-1)?.deliveryAttempt, 2);
    assert.equal(await isIdle(), true);
  });

  it('does not wait for a message that goes to the dead letters', async () => {
    status = 500;
    for (let attempt = 1; attempt <= 3; attempt++) await push();
    assert.equal(await isIdle(), true);
  });

  it('no longer waits once it is stopped, also for a message that is never delivered', async () => {
    status = 500;
    await push();
    const done = relay.idle();
    relay.stop();
    await timer.next();
    await done;
    assert.equal(await timer.next(), undefined);
  });

  it('waits for the push of a message that was published just now', async () => {
    await isIdle();
    relay.expect();
    let idle = false;
    const done = relay.idle().then(() => {
      idle = true;
    });
    await timer.settle();
    assert.equal(idle, false);
    await timer.runAll();
    await done;
  });
});
