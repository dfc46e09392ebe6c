import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../../../local/broker/emulator.ts';
import { startBus } from '../../../local/bus.ts';
import { findEmulator } from '../../../local/emulator/find.ts';
import { brokerContract } from '../../contracts/broker.ts';
import { describeWith } from '../../require.ts';

describeWith('pubsub', 'the Pub/Sub emulator', function () {
  this.timeout(60_000);
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firebreak emulator '));
  });
  after(() => rm(dir, { recursive: true }));

  const start = (): Promise<Emulator> => {
    const found = findEmulator('pubsub', process.env);
    if ('missing' in found) throw new Error(found.missing);
    return startEmulator({ program: found.program, project: 'p1', logFile: join(dir, 'pubsub.log') });
  };

  describe('as a bus', () =>
    brokerContract(start, {
      identity: 'the Pub/Sub emulator pushes without a bearer token',
      deliveryAttempt: 'the Pub/Sub emulator does not say deliveryAttempt',
    }));

  // As the local stack uses it: pulled here, and pushed on by the relay.
  describe('as a bus, behind the relay', () =>
    brokerContract(async () => {
      const { publish, subscribe, stop } = await startBus('emulator', { project: 'p1', dir });
      return { project: 'p1', publish, subscribe, stop };
    }));
});
