import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { findEmulator } from '../../local/emulator/find.ts';
import { startFirestoreEmulator } from '../../local/emulator/firestore.ts';
import type { EmulatorProcess } from '../../local/emulator/process.ts';
import { systemClock } from '../../shared/adapters/clock.ts';
import { makeFirestoreStore } from '../../shared/adapters/store-firestore.ts';
import { openStores } from '../../shared/store/incidents.ts';
import { describeWith } from '../require.ts';
import { contained } from '../shared/views/fixtures.ts';
import { captured, NOW } from './kit.ts';

const known = contained();

describeWith('firestore', 'the commands on a deployed project, over Firestore', function () {
  this.timeout(60_000);
  let emulator: EmulatorProcess;
  let folder: string;
  before(async () => {
    const found = findEmulator('firestore', process.env);
    assert.ok(!('missing' in found));
    folder = await mkdtemp(join(tmpdir(), 'firebreak project '));
    emulator = await startFirestoreEmulator({ ...found, logFile: join(folder, 'emulator.log') });
    const raw = makeFirestoreStore({ project: 'p2', database: 'incidents', emulator: emulator.host });
    const stores = openStores({ raw, clock: systemClock });
    await stores.incidents.put(known.id, known, null);
    const stamp = { v: 1 as const, rev: 0, writer: '' };
    const at = '2026-11-03T03:00:00.000Z';
    await stores.dead.put('d1', { ...stamp, id: 'd1', topic: 'findings', at, attributes: {}, body: {} }, null);
    await raw.close();
  });
  after(async () => {
    await emulator.stop();
    await rm(folder, { recursive: true });
  });

  const run = async (...argv: string[]) => {
    const { io, said } = captured({
      cwd: folder,
      env: { USER: 'ana', FIRESTORE_EMULATOR_HOST: emulator.host },
      now: () => NOW,
    });
    const code = await main([...argv, '--project', 'p2'], io);
    return { code, ...(await said()) };
  };

  it('lists the incidents, and shows one', async () => {
    const { code, out, err } = await run('incidents', '--json');
    assert.deepEqual([code, err], [0, '']);
    assert.deepEqual(
      JSON.parse(out).incidents.map(({ id }: { id: string }) => id),
      [known.id],
    );
    const one = await run('incidents', known.id);
    assert.match(one.out, new RegExp(`incident ${known.id}`));
  });

  it('lists the dead letters, and exits 1 with a sentence for an unknown incident', async () => {
    assert.equal(JSON.parse((await run('dead-letters', '--json')).out).deadLetters[0].id, 'd1');
    const { code, err } = await run('incidents', 'i-000000000000-9');
    assert.deepEqual(
      [code, err],
      [1, 'firebreak: there is no incident i-000000000000-9: see `firebreak incidents`.\n'],
    );
  });

  it('reads another database if one is named', async () => {
    const env = { USER: 'ana', FIRESTORE_EMULATOR_HOST: emulator.host, FIREBREAK_STORE: 'firestore:other' };
    const { io, said } = captured({ cwd: folder, env });
    assert.equal(await main(['incidents', '--project', 'p2'], io), 0);
    assert.equal((await said()).out, 'no incidents\n');
  });
});
