import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import events from 'node:events';
import { type Bucket, Storage } from '@google-cloud/storage';
import { makeStorageEvidence } from '../../../shared/adapters/evidence-storage.ts';
import { Denied, Transient } from '../../../shared/errors.ts';
import type { Evidence } from '../../../shared/ports.ts';
import { evidenceContract } from '../../contracts/evidence.ts';
import { type StorageService, startStorageService } from './storage-service.ts';

const KEY = 'inc-1/pod-1#objects/pod.json';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const bucketOf = (service: StorageService, bucket = service.bucket): Bucket =>
  new Storage({ apiEndpoint: service.endpoint, projectId: 'p1' }).bucket(bucket);
const clientOf = (service: StorageService, bucket = service.bucket): Evidence =>
  makeStorageEvidence({ bucket: bucketOf(service, bucket) });

describe('evidence-storage', () => {
  // The client itself puts 11 listeners on a download stream, one more than Node warns about.
  const { defaultMaxListeners } = events;
  before(() => {
    events.defaultMaxListeners = 20;
  });
  after(() => {
    events.defaultMaxListeners = defaultMaxListeners;
  });

  evidenceContract('Cloud Storage', async () => {
    const service = await startStorageService();
    return { evidence: clientOf(service), another: () => clientOf(service), close: () => service.close() };
  });

  describe('against a stand-in for its service', () => {
    let service: StorageService;
    let evidence: Evidence;
    beforeEach(async () => {
      service = await startStorageService();
      evidence = clientOf(service);
    });
    afterEach(() => service.close());

    it("uploads once, with the SHA-256 in the object's metadata", async () => {
      await evidence.put(KEY, Buffer.from('first'));
      assert.deepEqual(service.requests, [`POST ${KEY}`]);
      assert.deepEqual(service.objects.get(KEY)?.metadata, { sha256: sha256('first') });
    });

    it('hashes the stored body, and does not trust edited metadata', async () => {
      service.objects.set(KEY, { body: Buffer.from('forged'), metadata: { sha256: sha256('first') } });
      assert.equal((await evidence.put(KEY, Buffer.from('first'))).sha256, sha256('forged'));
    });

    it('repeats an upload that was answered 503', async () => {
      service.faults.push({ status: 503, reason: 'backendError' });
      const put = await evidence.put(KEY, Buffer.from('first'));
      assert.deepEqual([put.existed, put.sha256], [false, sha256('first')]);
      assert.deepEqual(service.requests, [`POST ${KEY}`, `POST ${KEY}`]);
    });

    it('finds its own upload after the reply was lost', async () => {
      service.faults.push('lost reply');
      const put = await evidence.put(KEY, Buffer.from('first'));
      assert.deepEqual([put.existed, put.sha256], [true, sha256('first')]);
      assert.deepEqual(service.requests, [`POST ${KEY}`, `POST ${KEY}`, `GET ${KEY}`]);
    });

    it("reads the existing object if the bucket's retention refuses to overwrite it", async () => {
      service.retention = true;
      await evidence.put(KEY, Buffer.from('first'));
      const put = await evidence.put(KEY, Buffer.from('second'));
      assert.deepEqual([put.existed, put.sha256], [true, sha256('first')]);
    });

    it('throws if the service refuses a damaged upload, and nothing is stored', async () => {
      service.faults.push('damaged');
      await assert.rejects(evidence.put(KEY, Buffer.from('first')), Transient);
      assert.equal(service.objects.size, 0);
    });

    it('repeats a download that was answered 503, and refuses a damaged one', async () => {
      await evidence.put(KEY, Buffer.from('first'));
      service.faults.push({ status: 503, reason: 'backendError' });
      assert.equal(Buffer.from((await evidence.get(KEY)) ?? []).toString(), 'first');
      service.faults.push('damaged');
      await assert.rejects(evidence.get(KEY), Transient);
    });

    it('lists page by page', async () => {
      for (const key of ['a/1', 'a/2', 'a/3', 'a/4', 'a/5']) await evidence.put(key, Buffer.from(key));
      assert.deepEqual(await evidence.list('a/'), ['a/1', 'a/2', 'a/3', 'a/4', 'a/5']);
      assert.equal(service.requests.filter((r) => r === 'LIST a/').length, 3);
    });

    for (const [status, reason, expected] of [
      [401, 'authError', Denied],
      [403, 'forbidden', Denied],
      [403, 'rateLimitExceeded', Transient],
      [400, 'invalid', Transient],
      [409, 'conflict', Transient],
    ] as const) {
      it(`throws ${expected.name} on ${status} ${reason}, with bucket and key`, async () => {
        for (let i = 0; i < 4; i++) service.faults.push({ status, reason });
        await assert.rejects(evidence.put(KEY, Buffer.from('x')), (e: Error) => {
          return e instanceof expected && e.message.includes(KEY) && e.message.includes(service.bucket);
        });
        assert.equal(service.objects.size, 0);
      });
    }

    it('takes a refusal for one about rights although it quotes a name with `quota` in it', async () => {
      const message = 'contain@p1 does not have storage.objects.create access to p1-evidence/rateLimit/quota-0.';
      for (const call of [() => evidence.put(KEY, Buffer.from('x')), () => evidence.get(KEY)]) {
        service.faults.push(
          { status: 403, reason: 'forbidden', message },
          { status: 403, reason: 'forbidden', message },
        );
        await assert.rejects(call(), Denied);
        service.faults.length = 0;
      }
      service.faults.push({ status: 403, reason: 'quotaExceeded' });
      await assert.rejects(evidence.get(KEY), Transient);
    });

    it('throws Transient for an answer that does not come', async () => {
      await evidence.put(KEY, Buffer.from('x'));
      const impatient = makeStorageEvidence({ bucket: bucketOf(service), timeoutMs: 100 });
      service.faults.push('silence', 'silence', 'silence');
      const noAnswer = (e: unknown) => e instanceof Transient && /answered nothing/.test(e.message);
      await assert.rejects(impatient.put(KEY, Buffer.from('x')), noAnswer);
      await assert.rejects(impatient.get(KEY), noAnswer);
      await assert.rejects(impatient.list(''), noAnswer);
    });

    it('throws Denied for a bucket that does not exist', async () => {
      const none = clientOf(service, 'p1-none');
      await assert.rejects(none.put(KEY, Buffer.from('x')), Denied);
      await assert.rejects(none.list(''), Denied);
      assert.equal(await none.get(KEY), undefined);
    });

    it('throws Transient if nobody answers', async () => {
      const bucket = new Storage({
        apiEndpoint: service.endpoint,
        projectId: 'p1',
        retryOptions: { autoRetry: false },
      }).bucket(service.bucket);
      await service.close();
      const cut = makeStorageEvidence({ bucket });
      await assert.rejects(cut.put(KEY, Buffer.from('x')), Transient);
      await assert.rejects(cut.get(KEY), Transient);
      await assert.rejects(cut.list(''), Transient);
      service = await startStorageService();
    });
  });
});
