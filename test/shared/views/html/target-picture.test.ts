import { strict as assert } from 'node:assert';
import type { Host } from '../../../../shared/model/host.ts';
import type { PodSubject } from '../../../../shared/model/subject.ts';
import { markupOf } from '../../../../shared/views/html/escape.ts';
import { targetPicture } from '../../../../shared/views/html/target-picture.ts';
import { contained, entry } from '../fixtures.ts';

const at = '2026-11-03T03:12:04.000Z';
const host = { id: '42', node: 'gke-c1-a', nodeUid: 'n', zone: 'europe-west1-b' };
const pod: PodSubject = {
  kind: 'pod',
  uid: 'u1',
  namespace: 'shop',
  namespaceUid: 'ns',
  name: 'cart-7d9f',
  createdAt: at,
  owners: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', uid: 'd1' }],
  host,
  hostNetwork: false,
  hostReach: false,
  windows: false,
  addedAt: at,
};
const drained: Host = {
  v: 1,
  rev: 1,
  writer: '',
  id: '42',
  instance: '42',
  node: 'gke-c1-a',
  holders: [],
  journal: [entry('drain-node', 0, { uid: '42', before: { pods: ['shop/web-1', 'shop/<b>'] } })],
};
const textOf = (journal: ReturnType<typeof entry>[], hosts = new Map<string, Host>()): string =>
  markupOf(targetPicture(contained({ subjects: [pod], journal }), hosts))
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('the picture of a target', () => {
  it('shows the pod on its node in its cluster, with what was done to each', () => {
    const text = textOf([
      entry('quarantine-pod', 0, { uid: 'u1' }),
      entry('cordon-node', 0, { uid: '42' }),
      entry('deny-pod-network', 0, { uid: 'ns' }),
    ]);
    const places = [
      'cluster',
      'quarantine policy in the namespace',
      'gke-c1-a',
      'takes no new pods',
      'cart-7d9f',
      'cut off, kept',
      'cut from its network',
    ];
    assert.deepEqual(
      places.toSorted((a, b) => text.indexOf(a) - text.indexOf(b)),
      places,
    );
  });

  it('says of nothing that it is so where it is not', () => {
    const said = (over: Parameters<typeof entry>[2]) => textOf([entry('keep-disks', 0, { uid: '42', ...over })]);
    assert.match(said({ state: 'held' }), /not done: disks are kept keep-disks, held/);
    assert.match(said({ state: 'pending' }), /not yet: disks are kept/);
    assert.match(said({ state: 'undone' }), /taken back: disks are kept/);
    assert.match(said({ state: 'dry-run' }), /only tried: disks are kept/);
    assert.doesNotMatch(said({}), /: disks are kept/);
    assert.doesNotMatch(said({ state: 'skipped', proof: 'proven' }), /: disks are kept/);
    const skipped = { uid: '42', state: 'skipped', proof: 'proven' } as const;
    assert.match(
      textOf([entry('restore-group-size', 0, skipped), entry('drain-node', 0, skipped)]),
      /nothing to do: replaced in its group .*nothing to do: other pods moved away/,
    );
  });

  it('says of what is not proven that it is not', () => {
    const doubtful = { proof: 'not proven' } as const;
    const cut = textOf([entry('quarantine-pod', 0, { uid: 'u1', ...doubtful })]);
    assert.match(cut, /cart-7d9f quarantined, not proven .* quarantine-pod, done, not proven/);
    const hosts = new Map([['42', drained]]);
    const moved = textOf([entry('drain-node', 0, { uid: '42', ...doubtful })], hosts);
    assert.match(moved, /drain-node, done, not proven .*2 other pods asked to move, not proven shop\/web-1/);
    assert.doesNotMatch(textOf([entry('drain-node', 0, { uid: '42' })], hosts), /not proven/);
  });

  it('says what has become of the pod', () => {
    assert.match(textOf([]), /still as it was/);
    assert.match(textOf([entry('quarantine-pod', 0, { uid: 'u1', state: 'undone' })]), /still as it was/);
    assert.match(textOf([entry('delete-pod', 0, { uid: 'u1' })]), /cart-7d9f deleted/);
    assert.match(textOf([entry('delete-workload', 0, { uid: 'd1' })]), /cart-7d9f deleted/);
    assert.match(textOf([entry('delete-workload', 0, { uid: 'another' })]), /still as it was/);
  });

  it("names the pods that were moved, from the host's before-image, and those that were left", () => {
    assert.match(
      textOf([], new Map([['42', drained]])),
      /2 other pods moved to other nodes shop\/web-1 shop\/&lt;b&gt;/,
    );
    assert.doesNotMatch(textOf([]), /moved to other nodes/);
    const because = 'left on the node: shop/job-1 (no controller would recreate it)';
    assert.match(textOf([entry('drain-node', 0, { uid: '42', because })]), /left on the node: shop\/job-1/);
    assert.doesNotMatch(
      textOf([entry('drain-node', 0, { uid: '42', state: 'held', because: 'a budget' })]),
      /a budget/,
    );
  });
});
