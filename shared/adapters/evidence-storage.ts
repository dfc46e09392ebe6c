import { createHash } from 'node:crypto';
import type { Bucket } from '@google-cloud/storage';
import { z } from 'zod';
import { Denied, Transient } from '../errors.ts';
import { jsonOf } from '../json.ts';
import type { Evidence } from '../ports.ts';
import { checkKeyPrefix, segmentsOf } from '../store/keys.ts';
import { within } from './deadline.ts';

/**
 * Time in ms that one exhibit may take, all repetitions included. The client sets no time limit of its own, and a
 * before-image that is stored here holds up the change that it is of.
 */
const TIMEOUT_MS = 30_000;

/** The HTTP status in the client's error; undefined for a broken connection, and where no answer came in time. */
const statusOf = (thrown: unknown): number | undefined => {
  if (!(thrown instanceof Error) || thrown instanceof DOMException || !('code' in thrown)) return undefined;
  const status = Number(thrown.code);
  return Number.isInteger(status) ? status : undefined;
};

const reasons = z.object({ errors: z.array(z.object({ reason: z.string().default('') })) });

/**
 * Whether a 403 is about a quota, which frees up after a while, rather than about rights. Only the reason tells: the
 * message may quote the name of the object, and thus of a pod. For a download the client leaves the body in the
 * message.
 */
const isQuota = (thrown: Error): boolean => {
  const body = z.object({ error: reasons }).safeParse(jsonOf(thrown.message)).data?.error;
  const given = body ?? reasons.safeParse(thrown).data;
  return (
    given?.errors.some(({ reason }) => /^(rateLimitExceeded|userRateLimitExceeded|quotaExceeded)$/.test(reason)) ===
    true
  );
};

/** Turns the client's error into one of Firebreak's. */
const wrapped = (thrown: unknown, bucket: string, key: string): Error => {
  const status = statusOf(thrown);
  const sentence = `Cloud Storage answered ${status ?? 'nothing'} for ${key} in the bucket ${bucket}`;
  const cause = { cause: thrown };
  if (status === 401 || (status === 403 && thrown instanceof Error && !isQuota(thrown))) {
    return new Denied(`${sentence}: grant storage.objects.create, get and list on it.`, cause);
  }
  if (status === 404) return new Denied(`${sentence}: there is no such bucket, or it may not be seen.`, cause);
  return new Transient(`${sentence}: try again.`, cause);
};

/**
 * Evidence as objects in one Cloud Storage bucket, protected by the bucket's own retention policy. Needs create, get
 * and list on objects, never delete. The client repeats a call that got no answer; if the repeat finds the object that
 * its own first try created, the result is `existed`.
 *
 * Throws Malformed (key), Denied (rights, no such bucket) and Transient (all else: quota, 5xx, a damaged upload, no
 * answer within `timeoutMs`).
 */
export const makeStorageEvidence = (options: { bucket: Bucket; timeoutMs?: number }): Evidence => {
  const { bucket, timeoutMs = TIMEOUT_MS } = options;
  const inTime = <T>(call: () => Promise<T>): Promise<T> => within(timeoutMs, call);

  const download = async (key: string): Promise<Buffer | undefined> => {
    try {
      const [body] = await inTime(() => bucket.file(key).download());
      return body;
    } catch (thrown) {
      if (statusOf(thrown) === 404) return undefined;
      throw wrapped(thrown, bucket.name, key);
    }
  };

  /** Resolves with 'created', or with the body that was already stored. */
  const create = async (key: string, body: Uint8Array, sha256: string): Promise<Buffer | 'created'> => {
    try {
      await inTime(() =>
        bucket.file(key).save(body, {
          resumable: false,
          preconditionOpts: { ifGenerationMatch: 0 },
          // The service compares the checksum and refuses a damaged body. The client's own check would delete the
          // object instead.
          validation: false,
          metadata: {
            contentType: 'application/octet-stream',
            md5Hash: createHash('md5').update(body).digest('base64'),
            metadata: { sha256 },
          },
        }),
      );
      return 'created';
    } catch (thrown) {
      // 403 as well as 412: without the delete permission, or under a retention policy, the overwrite itself may be
      // refused.
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
      // Hash the stored body again: an object's metadata can be edited although its body cannot.
      return { key, sha256: createHash('sha256').update(stored).digest('hex'), size: stored.length, existed: true };
    },
    get: async (key) => {
      segmentsOf(key);
      return download(key);
    },
    list: async (prefix) => {
      checkKeyPrefix(prefix);
      try {
        const [files] = await inTime(() => bucket.getFiles({ prefix, fields: 'items(name),nextPageToken' }));
        return files.map((file) => file.name).sort();
      } catch (thrown) {
        throw wrapped(thrown, bucket.name, prefix);
      }
    },
  };
};
