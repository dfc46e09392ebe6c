import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEmulator } from '../../../local/emulator/find.ts';
import { startFirestoreEmulator } from '../../../local/emulator/firestore.ts';
import { makeFirestoreStore } from '../../../shared/adapters/store-firestore.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { makeSqliteStore } from '../../../shared/adapters/store-sqlite.ts';
import type { RawStore } from '../../../shared/store/raw.ts';
import { storm } from '../../kit/storm.ts';
import { describeWith } from '../../require.ts';

const STORM = 200;

/** Each test has a backend of its own. With FIREBREAK_TELL set, the cost of the storm is printed. */
const holds = (name: string, open: (dir: string) => RawStore & { close?(): unknown }): void => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firebreak contention '));
  });
  afterEach(() => rm(dir, { recursive: true }));

  for (const alike of [true, false]) {
    it(`are merged into one incident without loss if ${alike ? 'all are alike' : 'nearly each raises it'}`, async () => {
      const raw = open(dir);
      try {
        const { kit, cost } = await storm(raw, STORM, alike);
        const { items: incidents } = await kit.ports.stores.incidents.list({});
        assert.equal(incidents.length, 1);
        const [{ id, rev, severity, findings } = assert.fail('no incident')] = incidents;
        const { items: records } = await kit.ports.stores.findings.list({ key: id }, { limit: 1000 });
        assert.equal(records.length, STORM);
        assert.equal(severity, alike ? 'high' : 'critical');
        assert.equal(Math.max(...findings.map((f) => f.confidence)), alike ? 0.9 : 0.1 + ((STORM - 1) / STORM) * 0.8);
        if (process.env.FIREBREAK_TELL !== undefined)
          console.log(`      ${name}, ${alike ? 'alike' : 'rising'}: ${rev} revisions, ${JSON.stringify(cost)}`);
        // The incident is written when it learns something, not for every finding.
        assert.ok(rev < STORM / 4, `${rev} revisions`);
        const tries = cost.written + cost.conflicts + cost.busy;
        assert.ok(tries < 10 * STORM, `${tries} tries to write`);
      } finally {
        await raw.close?.();
      }
    });
  }
};

describe(`${STORM} findings on one target at once, in memory`, function () {
  this.timeout(300_000);
  holds('memory', () => makeMemoryStore({ now: Date.now }));
});

describe(`${STORM} findings on one target at once, over SQLite`, function () {
  this.timeout(300_000);
  holds('sqlite', (dir) => makeSqliteStore({ path: join(dir, 'incidents.db'), now: Date.now }));
});

describeWith('firestore', `${STORM} findings on one target at once, over Firestore`, function () {
  this.timeout(300_000);
  let folder: string;
  let stop: () => Promise<void>;
  let host: string;
  let projects = 0;
  before(async () => {
    const found = findEmulator('firestore', process.env);
    if ('missing' in found) throw new Error(found.missing);
    folder = await mkdtemp(join(tmpdir(), 'firebreak contention '));
    ({ host, stop } = await startFirestoreEmulator({ ...found, logFile: join(folder, 'firestore.log') }));
  });
  after(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });
  holds('firestore', () => {
    projects += 1;
    return makeFirestoreStore({ project: `p-${projects}`, database: 'incidents', emulator: host });
  });
});
