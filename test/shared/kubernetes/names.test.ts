import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import {
  isBucketName,
  isClusterName,
  isComputeName,
  isContainerName,
  isEmail,
  isInstanceId,
  isKind,
  isLabelName,
  isLocation,
  isPrincipal,
  isProjectId,
  isSubdomain,
  isUid,
} from '../../../shared/kubernetes/names.ts';

/** What a name could end, escape or smuggle in a path, a selector, a command or a log line. */
const AROUND = ['/', '/..', '?x', '#x', ' ', '\n', '\0', '"', "'", '`', '$(id)', ';id', ',b', '=b', '\\', '*'];

type Grammar = { is(text: string): boolean; good: string[]; bad: string[] };

const long = (length: number): string => 'a'.repeat(length);
const UID = '0f0f0f0f-1111-4222-8333-444455556666';

const GRAMMARS: Record<string, Grammar> = {
  isLabelName: {
    is: isLabelName,
    good: ['a', '0', 'shop', 'a-b', 'a--b', '0-9', long(63)],
    bad: ['', '-a', 'a-', '-', 'A', 'a.b', 'a_b', long(64)],
  },
  isContainerName: { is: isContainerName, good: ['cart', long(63)], bad: ['', '-cart', 'cart.x', long(64)] },
  isSubdomain: {
    is: isSubdomain,
    good: ['a', '0', 'cart-7d9f', 'gke-c1-pool-1-a.b', 'a.b.c', long(253), `${long(126)}.${long(126)}`],
    bad: ['', '.', 'a.', '.a', 'a..b', '-a', 'a-', 'a.-b', 'a-.b', 'A', 'a_b', long(254), `${long(127)}.${long(126)}`],
  },
  isBucketName: {
    is: isBucketName,
    good: ['p1-evidence', 'a_b', 'logs.example.com', 'a1b', long(222)],
    bad: ['', 'a', 'ab', '-ab', 'ab-', '.ab', 'ab.', 'A1b', 'a/b', long(223)],
  },
  isProjectId: {
    is: isProjectId,
    good: ['p', 'p1', 'shop-prod-1', long(63), 'example.com:p1', 'a:p', `${long(63)}:${long(63)}`],
    bad: ['', '1p', '-p', 'p-', 'P1', 'p_1', 'p.1', ':p', 'example.com:', 'a:b:c', long(64), `${long(64)}:p`],
  },
  isClusterName: {
    is: isClusterName,
    good: ['c', 'c1', 'shop-1', long(63)],
    bad: ['', '1c', '-c', 'c-', 'C', 'c.1', 'c_1', long(64)],
  },
  isComputeName: { is: isComputeName, good: ['default', 'gke-c1-pool-1-a', long(63)], bad: ['', '1', 'a.b', long(64)] },
  isKind: {
    is: isKind,
    good: ['J', 'Deployment', 'CronJob', 'V1Beta1', `A${long(62)}`],
    bad: ['', 'deployment', '1Job', 'Cron-Job', 'Cron.Job', `A${long(63)}`],
  },
  isUid: {
    is: isUid,
    good: [UID, UID.replaceAll('-', ''), '1', '1234567890123456789'],
    bad: ['', UID.toUpperCase(), UID.slice(1), `0${UID}`, `${UID}0`, UID.replace('0', 'g'), `${UID}-1111`, '0', 'a'],
  },
  isInstanceId: {
    is: isInstanceId,
    good: ['1', '9', '10', '18446744073709551615'],
    bad: ['', '0', '01', '-1', '1.0', '1e9', 'a1', '1a', '184467440737095516150'],
  },
  isEmail: {
    is: isEmail,
    good: [
      'ana@example.com',
      'a.b+c_d%e-f@x-1.example.co',
      `${long(64)}@example.com`,
      `a@${long(63)}.${long(63)}`,
      `a@${long(63)}.${long(63)}.${long(63)}.${long(60)}`,
    ],
    bad: [
      '',
      'ana',
      'ana@',
      '@example.com',
      'ana@example',
      'ana@.com',
      'ana@example.',
      'ana@example..com',
      'a@b@c.com',
      `${long(65)}@example.com`,
      `a@${long(64)}.com`,
      `a@b.${long(64)}`,
      `a@${long(63)}.${long(63)}.${long(63)}.${long(61)}`,
    ],
  },
};

describe('kubernetes/names', () => {
  for (const [name, { is, good, bad }] of Object.entries(GRAMMARS))
    it(`${name} accepts a name up to its full length, and nothing around it`, () => {
      for (const text of good) {
        assert.equal(is(text), true, text);
        for (const extra of AROUND) {
          assert.equal(is(`${text}${extra}`), false, JSON.stringify(`${text}${extra}`));
          assert.equal(is(`${extra}${text}`), false, JSON.stringify(`${extra}${text}`));
        }
      }
      for (const text of bad) assert.equal(is(text), false, JSON.stringify(text));
    });

  it('accepts regions, zones and AI zones, and nothing that only looks like one', () => {
    for (const one of ['europe-west1', 'europe-west1-b', 'us-central1-ai1a', 'us-south1-ai12b', 'asia-northeast10'])
      assert.equal(isLocation(one), true, one);
    for (const one of [
      'us-central1-ai1',
      'us-central1-ai',
      'us-central1-ai123a',
      'us-central1-ai1aa',
      'us-central1-1a',
      'us-central1-xx1a',
      'us-central1-ai1-a',
      'us-central1-ab',
      'us-central1-ai1a/..',
      '../us-central1-ai1a',
      '-ai1a',
      'us-central100',
      'u-central1',
      'us-c1',
      `${'u'.repeat(21)}-central1`,
      `us-${'c'.repeat(21)}1`,
    ])
      assert.equal(isLocation(one), false, one);
  });

  it('accepts long principals and names with an apostrophe, and nothing that could end a quoted text', () => {
    for (const one of [
      'a',
      'ana@example.com',
      "o'brien@example.com",
      'system:anonymous',
      `system:serviceaccount:${'s'.repeat(63)}:${'a'.repeat(253)}`,
      'principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s',
      'a'.repeat(512),
    ])
      assert.equal(isPrincipal(one), true, one);
    for (const one of ['', "'ana", 'an a', 'ana"', 'ana\n', 'ana$(id)', 'ana`id`', 'ana;id', 'ana\\', 'a'.repeat(513)])
      assert.equal(isPrincipal(one), false, one);
  });
});
