import { createHash } from 'node:crypto';
import type { Bucket } from '@google-cloud/storage';
import { Denied, Transient } from '../errors.ts';
import type { Evidence } from '../ports.ts';
import { checkKeyPrefix, segmentsOf } from '../store/keys.ts';

/** The HTTP status of what the client threw; undefined for a broken connection. */
const statusOf = (thrown: unknown): number | undefined => {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  const status = Number(thrown.code);
  return Number.isInteger(status) ? status : undefined;
};

/** Whether a 403 speaks of a quota, which is back after a while, and not of rights. */
const isQuota = (thrown: unknown): boolean =>
  thrown instanceof Error && /rateLimit|quota/i.test(JSON.stringify(thrown));

/** What the client threw, in our own words. */
const wrapped = (thrown: unknown, bucket: string, key: string): Error => {
  const status = statusOf(thrown);
  const sentence = `Cloud Storage answered ${status ?? 'nothing'} for ${key} in the bucket ${bucket}`;
  const cause = { cause: thrown };
  if (status === 401 || (status === 403 && !isQuota(thrown))) {
    return new Denied(`${sentence}: grant storage.objects.create, get and list on it.`, cause);
  }
  if (status === 404) return new Denied(`${sentence}: there is no such bucket, or it may not be seen.`, cause);
  return new Transient(`${sentence}: try again.`, cause);
};

/**
 * Evidence as objects of one Cloud Storage bucket, which keeps them by its own retention policy. Needs create, get
 * and list of objects, never delete. The client repeats what got no answer; a repeat that finds its own first try
 * reports `existed`.
 *
 * Throws Malformed (key), Denied (rights, no such bucket) and Transient (all else: quota, 5xx, a damaged upload, no
 * answer).
 */
export const makeStorageEvidence = ({ bucket }: { bucket: Bucket }): Evidence => {
  const download = async (key: string): Promise<Buffer | undefined> => {
    try {
      const [body] = await bucket.file(key).download();
      return body;
    } catch (thrown) {
      if (statusOf(thrown) === 404) return undefined;
      throw wrapped(thrown, bucket.name, key);
    }
  };

  /** 'created', or the body that was there before. */
  const create = async (key: string, body: Uint8Array, sha256: string): Promise<Buffer | 'created'> => {
    try {
      await bucket.file(key).save(body, {
        resumable: false,
        preconditionOpts: { ifGenerationMatch: 0 },
        // The service compares the checksum and refuses a damaged body; the client's own check would delete it.
        validation: false,
        metadata: {
          contentType: 'application/octet-stream',
          md5Hash: createHash('md5').update(body).digest('base64'),
          metadata: { sha256 },
        },
      });
      return 'created';
    } catch (thrown) {
      // 403 as well as 412: who may not delete, or is under a retention policy, may be refused the overwrite as such.
      const status = statusOf(thrown);
      const found = status === 412 || status === 403 ? await download(key) : undefined;
      if (found === undefined) throw wrapped(thrown, bucket.name, key);
      return found;
    }
  };

  return {
    put: async (key, body) => {
      segmentsOf(key);
      const sha256 = createHash('sha256').update(body).digest('hex');
      const stored = await create(key, body, sha256);
      if (stored === 'created') return { key, sha256, size: body.length, existed: false };
      // The body is hashed again, since metadata can be edited where the body cannot.
      return { key, sha256: createHash('sha256').update(stored).digest('hex'), size: stored.length, existed: true };
    },
    get: async (key) => {
      segmentsOf(key);
      return download(key);
    },
    list: async (prefix) => {
      checkKeyPrefix(prefix);
      try {
        const [files] = await bucket.getFiles({ prefix, fields: 'items(name),nextPageToken' });
        return files.map((file) => file.name).sort();
      } catch (thrown) {
        throw wrapped(thrown, bucket.name, prefix);
      }
    },
  };
};
