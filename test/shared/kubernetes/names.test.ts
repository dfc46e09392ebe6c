import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { isLocation, isPrincipal } from '../../../shared/kubernetes/names.ts';

describe('kubernetes/names', () => {
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
      '-ai1a',
    ])
      assert.equal(isLocation(one), false, one);
  });

  it('accepts long principals and names with an apostrophe, and nothing that could end a quoted text', () => {
    for (const one of [
      'ana@example.com',
      "o'brien@example.com",
      'system:anonymous',
      `system:serviceaccount:${'s'.repeat(63)}:${'a'.repeat(253)}`,
      'principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s',
    ])
      assert.equal(isPrincipal(one), true, one);
    for (const one of ['', "'ana", 'an a', 'ana"', 'ana\n', 'ana$(id)', 'ana`id`', 'ana;id', 'ana\\', 'a'.repeat(513)])
      assert.equal(isPrincipal(one), false, one);
  });
});
