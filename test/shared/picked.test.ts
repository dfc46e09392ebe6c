import { strict as assert } from 'node:assert';
import { Malformed } from '../../shared/errors.ts';
import { picked } from '../../shared/picked.ts';
import type { ClusterReader } from '../../shared/ports.ts';
import { object } from './decision/resolving.ts';

const NODES = { apiVersion: 'v1', kind: 'Node' };
const nodes = ['n1', 'n2', 'n3'].map((name) => object('Node', name, `uid-${name}`));
const eachOf =
  (cut: string | undefined): ClusterReader['each'] =>
  async (_, look) => {
    for (const one of nodes) await look([one]);
    return cut;
  };

describe('picked', () => {
  it('gives what is picked of each object, of every page', async () => {
    const pick = ({ metadata }: { metadata: { name: string } }) => (metadata.name === 'n2' ? [] : [metadata.name]);
    assert.deepEqual(await picked({ each: eachOf(undefined) }, NODES, pick), ['n1', 'n3']);
  });
  it('gives nothing of a list that was not read to its end', async () => {
    const cut = 'the cluster has more';
    await assert.rejects(
      picked({ each: eachOf(cut) }, NODES, (one) => [one]),
      (thrown) => {
        return thrown instanceof Malformed && thrown.message === cut;
      },
    );
  });
});
