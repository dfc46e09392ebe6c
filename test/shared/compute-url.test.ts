import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { computeUrl, parseComputeUrl, parseProviderId, partialUrl, regionOf } from '../../shared/compute-url.ts';

describe('parseComputeUrl', () => {
  const disk = { project: 'p1', zone: 'europe-west1-b', collection: 'disks', name: 'd1' };

  it('parses full and partial URLs alike', () => {
    assert.deepEqual(parseComputeUrl('projects/p1/zones/europe-west1-b/disks/d1'), disk);
    assert.deepEqual(
      parseComputeUrl('https://www.googleapis.com/compute/v1/projects/p1/zones/europe-west1-b/disks/d1'),
      disk,
    );
    assert.deepEqual(
      parseComputeUrl('https://compute.googleapis.com/compute/v1/projects/p1/zones/europe-west1-b/disks/d1'),
      disk,
    );
  });

  it('gives every form of a URL as the partial one, and leaves other texts as they are', () => {
    const partial = 'projects/p1/zones/europe-west1-b/disks/d1';
    for (const url of [partial, `https://www.googleapis.com/compute/v1/${partial}`])
      assert.equal(partialUrl(url), partial);
    for (const text of ['', 'd1', 'https://example.com/d1']) assert.equal(partialUrl(text), text);
  });

  it('parses regional and global resources, domain-scoped projects and numeric ids', () => {
    assert.deepEqual(parseComputeUrl('projects/example.com:p1/regions/europe-west1/disks/d1'), {
      project: 'example.com:p1',
      region: 'europe-west1',
      collection: 'disks',
      name: 'd1',
    });
    assert.deepEqual(parseComputeUrl('projects/p1/global/networks/default'), {
      project: 'p1',
      collection: 'networks',
      name: 'default',
    });
    assert.equal(parseComputeUrl('projects/p1/zones/europe-west1-b/instances/4242')?.name, '4242');
  });

  it('parses the group in created-by, which contains the project number', () => {
    const group = 'projects/123456789012/zones/europe-west1-b/instanceGroupManagers/gke-c1-pool-1-grp';
    assert.deepEqual(parseComputeUrl(group), {
      project: '123456789012',
      zone: 'europe-west1-b',
      collection: 'instanceGroupManagers',
      name: 'gke-c1-pool-1-grp',
    });
  });

  it('is the inverse of computeUrl', () => {
    for (const url of [
      'projects/p1/zones/us-central1-ai1a/disks/d1',
      'projects/p1/zones/europe-west1-b/disks/d1',
      'projects/p1/regions/europe-west1/instanceGroupManagers/g1',
      'projects/p1/global/snapshots/s1',
    ]) {
      const read = parseComputeUrl(url);
      assert.ok(read);
      assert.equal(computeUrl(read), url);
    }
  });

  it('never throws, and any result makes a clean URL that parses to the same', () => {
    const part = fc.oneof(fc.constantFrom('p1', 'europe-west1-b', 'disks', 'd1', '..', '', '%2e', '4242'), fc.string());
    const url = fc.tuple(part, part, part, part).map(([a, b, c, d]) => `projects/${a}/zones/${b}/${c}/${d}`);
    fc.assert(
      fc.property(fc.oneof(url, fc.string()), (text) => {
        const read = parseComputeUrl(text);
        if (read === undefined) return;
        assert.match(computeUrl(read), /^[A-Za-z0-9:.-]+(\/[A-Za-z0-9.-]+)+$/);
        assert.deepEqual(parseComputeUrl(computeUrl(read)), read);
      }),
      { numRuns: 1000 },
    );
  });

  for (const hostile of [
    '',
    'projects/p1/zones/europe-west1-b/disks/../instances/n1',
    'projects/p1/zones/europe-west1-b/disks/d1?alt=media',
    'projects/p1/zones/europe-west1-b/disks/d1/createSnapshot',
    'projects/p1/zones/nowhere/disks/d1',
    'projects/P1/zones/europe-west1-b/disks/d1',
    'https://evil.example.com/compute/v1/projects/p1/zones/europe-west1-b/disks/d1',
    'projects/p1/zones/europe-west1-b/disks/d1\n',
    `projects/p1/zones/europe-west1-b/disks/${'d'.repeat(64)}`,
  ]) {
    it(`refuses ${JSON.stringify(hostile).slice(0, 60)}`, () => assert.equal(parseComputeUrl(hostile), undefined));
  }
});

describe('regionOf', () => {
  for (const [place, region] of [
    ['zones/europe-west1-b', 'europe-west1'],
    ['zones/us-central1-ai1a', 'us-central1'],
    ['regions/northamerica-northeast1', 'northamerica-northeast1'],
  ])
    it(`is ${region} for ${place}`, () => {
      const found = parseComputeUrl(`projects/p1/${place}/disks/d1`);
      assert.ok(found);
      assert.equal(regionOf(found), region);
    });
});

describe('parseProviderId', () => {
  it('parses the id of a GKE node', () =>
    assert.deepEqual(parseProviderId('gce://p1/europe-west1-b/gke-c1-pool-1-abcd'), {
      project: 'p1',
      zone: 'europe-west1-b',
      name: 'gke-c1-pool-1-abcd',
    }));

  it('parses the id of a GKE node in an AI zone', () =>
    assert.equal(parseProviderId('gce://p1/us-central1-ai1a/gke-c1-tpu-1-abcd')?.zone, 'us-central1-ai1a'));

  it('refuses other clouds and other shapes', () => {
    for (const text of ['aws:///eu-west-1a/i-0abc', 'gce://p1/europe-west1-b/', 'gce://p1/europe-west1-b/n1/x', 'n1']) {
      assert.equal(parseProviderId(text), undefined);
    }
  });
});
