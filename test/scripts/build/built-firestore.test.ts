import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEmulator } from '../../../local/emulator/find.ts';
import { startFirestoreEmulator } from '../../../local/emulator/firestore.ts';
import type { EmulatorProcess } from '../../../local/emulator/process.ts';
import type { FirestoreStoreOptions } from '../../../shared/adapters/store-firestore.ts';
import type { RawStore } from '../../../shared/store/raw.ts';
import { rawStoreContract } from '../../contracts/raw-store.ts';
import { loadBuilt, withOurErrors } from '../../kit/built.ts';
import { describeWith } from '../../require.ts';

type Built = { makeFirestoreStore(options: FirestoreStoreOptions): RawStore };

/** The adapter as an archive holds it: minified, and without what no call needs. */
describeWith('firestore', 'Firestore as it is built', function () {
  this.timeout(300_000);
  let folder: string;
  let built: Built;
  let emulator: EmulatorProcess;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-bundle-'));
    built = await loadBuilt('shared/adapters/store-firestore.ts', folder);
    const found = findEmulator('firestore', process.env);
    if ('missing' in found) throw new Error(found.missing);
    emulator = await startFirestoreEmulator({ ...found, logFile: join(folder, 'firestore.log') });
  });
  after(async () => {
    await emulator.stop();
    await rm(folder, { recursive: true });
  });

  let projects = 0;
  rawStoreContract('firestore, as it is built', async () => {
    const project = `p${++projects}`;
    const open = (): RawStore =>
      withOurErrors(built.makeFirestoreStore({ project, database: 'incidents', emulator: emulator.host }));
    // A function never closes its store, so the bundle lacks what a close needs.
    return { raw: open(), another: open, close: async () => undefined };
  });
});
