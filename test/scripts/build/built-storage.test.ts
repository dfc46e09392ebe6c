import { strict as assert } from 'node:assert';
import events from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeStorageEvidence } from '../../../shared/adapters/evidence-storage.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Evidence } from '../../../shared/ports.ts';
import { evidenceContract } from '../../contracts/evidence.ts';
import { loadBuilt } from '../../kit/built.ts';
import { startServer } from '../../kit/listening.ts';
import type { bucketAt } from '../../kit/storage-client.ts';
import { type StorageService, startStorageService } from '../../shared/adapters/storage-service.ts';

/** The client as an archive holds it: minified, and without what no call needs. */
describe('Cloud Storage as it is built', function () {
  this.timeout(300_000);
  let folder: string;
  let built: { bucketAt: typeof bucketAt };
  // The client itself adds 11 listeners to a download stream, one more than Node.js allows without a warning.
  const { defaultMaxListeners } = events;
  before(async () => {
    events.defaultMaxListeners = 20;
    folder = await mkdtemp(join(tmpdir(), 'firebreak-bundle-'));
    built = await loadBuilt('test/kit/storage-client.ts', folder);
  });
  after(async () => {
    events.defaultMaxListeners = defaultMaxListeners;
    await rm(folder, { recursive: true });
  });

  const open = ({ endpoint, bucket }: StorageService): Evidence =>
    makeStorageEvidence({ bucket: built.bucketAt(endpoint, bucket) });

  evidenceContract('Cloud Storage, as it is built', async () => {
    const service = await startStorageService();
    return { evidence: open(service), another: () => open(service), close: () => service.close() };
  });

  it('retries after a 503, and refuses an object that was damaged in transit', async () => {
    const service = await startStorageService();
    try {
      const evidence = open(service);
      service.faults.push({ status: 503, reason: 'backendError' });
      assert.equal((await evidence.put('a/1', Buffer.from('first'))).existed, false);
      service.faults.push('damaged');
      await assert.rejects(evidence.get('a/1'), Transient);
    } finally {
      await service.close();
    }
  });

  it('reports the text of an HTML page that arrives in place of an error', async () => {
    const { url, stop } = await startServer((_, response) =>
      response.writeHead(400, { 'content-type': 'text/html' }).end('<p>a &amp; b</p>'),
    );
    try {
      await assert.rejects(built.bucketAt(url, 'b1').getFiles(), /a & b/);
    } finally {
      await stop();
    }
  });
});
