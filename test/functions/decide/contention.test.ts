import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEmulator } from '../../../local/emulator/find.ts';
import { startFirestoreEmulator } from '../../../local/emulator/firestore.ts';
import { makeFirestoreStore } from '../../../shared/adapters/store-firestore.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import type { RawStore } from '../../../shared/store/raw.ts';
import { decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';
import { describeWith } from '../../require.ts';

const STORM = 200;

type Counts = { puts: number };

/** A database whose writes are counted. */
const counting = (raw: RawStore, counts: Counts): RawStore => ({
  ...raw,
  put: async (...args) => {
    counts.puts += 1;
    await raw.put(...args);
  },
});

/** Delivers a finding until it is acknowledged, as the bus does. */
const deliver = async (kit: Kit, finding: Finding): Promise<void> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await kit.decide(finding);
    } catch (thrown) {
      if (!(thrown instanceof Transient)) throw thrown;
      await sleep(50 * 2 ** Math.min(attempt, 5) * (0.5 + Math.random()));
    }
  }
};

const storm = async (raw: RawStore, alike: boolean): Promise<{ kit: Kit; counts: Counts }> => {
  const kit = decisionKit();
  const counts: Counts = { puts: 0 };
  kit.ports.stores = openStores({ raw: counting(raw, counts), clock: kit.clock });
  const target = targetOf(podNamed(kit, 'shop', 'cart-'));
  const severities = ['low', 'medium', 'high', 'critical'] as const;
  await Promise.all(
    Array.from({ length: STORM }, (_, n) => {
      const severity = severities[n % 4] ?? 'low';
      // Of several rules, with rising confidence: nearly each teaches the incident something.
      const taught = { severity, confidence: 0.1 + (n / STORM) * 0.8, rule: n % 2 === 0 ? 'exec-shell' : 'exec-miner' };
      return deliver(kit, findingOn(kit, target, alike ? {} : taught));
    }),
  );
  return { kit, counts };
};

describeWith('firestore', `${STORM} findings on one target at once, over Firestore`, function () {
  this.timeout(120_000);
  let dir: string;
  let stop: () => Promise<void>;
  let host: string;
  before(async () => {
    const found = findEmulator('firestore', process.env);
    if ('missing' in found) throw new Error(found.missing);
    dir = await mkdtemp(join(tmpdir(), 'firebreak contention '));
    ({ host, stop } = await startFirestoreEmulator({ ...found, logFile: join(dir, 'firestore.log') }));
  });
  after(async () => {
    await stop();
    await rm(dir, { recursive: true });
  });

  for (const alike of [true, false]) {
    it(`are merged into one incident, none lost, where ${alike ? 'all are alike' : 'nearly each raises it'}`, async () => {
      const raw = makeFirestoreStore({
        project: alike ? 'p-alike' : 'p-rising',
        database: 'incidents',
        emulator: host,
      });
      try {
        const { kit, counts } = await storm(raw, alike);
        const { items: incidents } = await kit.ports.stores.incidents.list({});
        assert.equal(incidents.length, 1);
        const [{ id, rev, severity, findings } = assert.fail('no incident')] = incidents;
        const { items: records } = await kit.ports.stores.findings.list({ key: id }, { limit: 1000 });
        assert.equal(records.length, STORM);
        assert.equal(severity, alike ? 'high' : 'critical');
        assert.equal(Math.max(...findings.map((f) => f.confidence)), alike ? 0.9 : 0.1 + ((STORM - 1) / STORM) * 0.8);
        // A storm is cheap: the incident is written when it learns something, not for every finding.
        assert.ok(rev < STORM / 4, `${rev} revisions`);
        assert.ok(counts.puts < 10 * STORM, `${counts.puts} tries to write`);
      } finally {
        await raw.close();
      }
    });
  }
});
