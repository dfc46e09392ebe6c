import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { sharedReads } from '../../../shared/containment/compute-reads.ts';
import { isVmGone, mayStillRunOf, mayStillRunOn } from '../../../shared/containment/cut.ts';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import { containmentKit, podNamed, subjectOf, vmOf } from '../../kit/containment.ts';

describe('the reason why a process of a deleted pod may still run', () => {
  const looked = async (change: (vm: NonNullable<ReturnType<typeof vmOf>>) => void, isGone = false) => {
    const kit = containmentKit();
    const { host } = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    assert.ok(host !== undefined);
    change(vmOf(kit, host) ?? assert.fail());
    if (isGone)
      kit.world.compute.stranger.deleteInstance(`projects/${host.project}/zones/${host.zone}/instances/${host.node}`);
    let reads = 0;
    const { compute, clusters } = kit.ports;
    const context = {
      read: clusters.reader(SHOP),
      // As in a run, whose steps share what they read of a VM.
      compute: sharedReads(
        {
          ...compute,
          instance: (ref: Parameters<typeof compute.instance>[0]) => {
            reads += 1;
            return compute.instance(ref);
          },
        },
        kit.clock,
      ),
    };
    return { said: await mayStillRunOf(context, host), reads, isVmGone: await isVmGone(context, host) };
  };

  it('is that its node is cut, for which the VM is read once', async () => {
    const { said, reads } = await looked((vm) => Object.assign(vm.tags, { items: [QUARANTINE_TAG] }));
    assert.match(said ?? '', /^the network of node \S+ is cut; the process may still run: ask for delete-host$/);
    assert.equal(reads, 1);
  });

  it('is not there where the node answers, or its VM is gone', async () => {
    assert.deepEqual(
      [(await looked(() => undefined)).said, (await looked(() => undefined, true)).said],
      [undefined, undefined],
    );
    const { reads, isVmGone: isGone } = await looked(() => undefined, true);
    assert.deepEqual([reads, isGone], [1, true]);
  });

  it('asks for delete-host only where that could reach the VM', () => {
    const bare = { id: 'u-1', node: 'n-1', nodeUid: 'u-1' };
    assert.match(mayStillRunOn({ ...bare, project: 'p1', zone: 'z-a', instance: 'n-1' }), /ask for delete-host$/);
    assert.doesNotMatch(mayStillRunOn(bare), /ask for/);
  });
});
