import { strict as assert } from 'node:assert';
import { ComputeFault } from '../../../../local/world/compute/fault.ts';
import { quotaOf } from '../../../../local/world/compute/quota.ts';
import { makeTestWorld } from './make-test-world.ts';

const AT = { project: 'p1', zone: 'europe-west1-b' };

const world = () => {
  const made = makeTestWorld();
  made.world.addInstance({ ...AT, name: 'n1' });
  made.world.addInstance({ ...AT, project: 'p2', name: 'n1' });
  made.world.state.quota = quotaOf(2);
  const get = (project = 'p1') => made.world.call('contain', 'Instances.Get', { ...AT, project, instance: 'n1' });
  return { ...made, get };
};

const rateLimit = (thrown: unknown): boolean =>
  thrown instanceof ComputeFault && thrown.status === 403 && thrown.reason === 'rateLimitExceeded';

describe('spend', () => {
  it('refuses the calls of a minute that are more than the quota, and none of the next minute', () => {
    const { get, advance } = world();
    get();
    get();
    assert.throws(() => get(), rateLimit);
    advance(60_000);
    assert.ok(get());
  });

  it('counts each project and each group of methods apart', () => {
    const { world: compute, get } = world();
    get();
    get();
    assert.ok(get('p2'));
    assert.ok(compute.call('contain', 'Snapshots.List', { project: 'p1' }));
  });

  it('refuses a change before it is made', () => {
    const { world: compute, log, advance, get } = world();
    const { fingerprint } = Object(Object(get()).tags);
    compute.state.quota = quotaOf(0);
    const tagsResource = { items: ['a'], fingerprint };
    assert.throws(
      () => compute.call('contain', 'Instances.SetTags', { ...AT, instance: 'n1', tagsResource }),
      rateLimit,
    );
    advance(10_000);
    compute.settle();
    assert.deepEqual(log.by('contain'), []);
  });
});
