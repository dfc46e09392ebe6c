import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Denied } from '../../../shared/errors.ts';
import { containmentKit, openIncident, setGoal, subjectOf } from '../../kit/containment.ts';
import { deliver } from '../../kit/deliveries.ts';

/**
 * Two pods of a Deployment that is stopped. One of them is to be isolated, so it is quarantined after the stop was
 * begun, which waits for that.
 */
const stopped = async () => {
  const kit = containmentKit();
  const carts = kit.cluster.list('v1', 'Pod').filter(({ metadata }) => metadata.name.startsWith('cart-'));
  const subjects = await Promise.all(carts.slice(0, 2).map((pod) => subjectOf(kit, pod)));
  const otherwise = { tier: 'quarantine', options: { freeze: true } } as const;
  const [first = '', second = ''] = subjects.map(({ uid }) => uid);
  const covers = [{ uid: second, tier: 'isolate' as const }];
  await openIncident(kit, 'i-1', subjects, 'isolate', { covers, otherwise, requested: true });
  const { journal } = await deliver(kit);
  const orderOf = (step: string, uid = ''): number => journal.findIndex((e) => e.step === step && e.uid.includes(uid));
  assert.ok(orderOf('freeze-workload') > orderOf('quarantine-pod', first));
  assert.ok(orderOf('freeze-workload') < orderOf('quarantine-pod', second));
  const living = (): string[] => {
    const uids = kit.cluster.list('v1', 'Pod').map(({ metadata }) => metadata.uid);
    return subjects.map(({ uid }) => uid).filter((uid) => uids.includes(uid));
  };
  const replicas = () =>
    kit.cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' })?.spec?.replicas;
  assert.deepEqual([living(), replicas()], [[first, second], 0]);
  return { kit, living, replicas, subjects: [first, second] };
};

describe('the pods of a stopped controller', () => {
  it('are given back after it was started again, also one that was quarantined last', async () => {
    const { kit, living, replicas, subjects } = await stopped();
    await setGoal(kit, 'i-1', 'released');
    assert.equal((await deliver(kit)).state, 'released');
    assert.deepEqual([living(), replicas()], [subjects, 3]);
  });

  it('stay quarantined while the right to start it is missing', async () => {
    const { kit, living, replicas, subjects } = await stopped();
    const forbidden = new Denied('no right to patch deployments');
    const until = kit.clock.now() + 10 * 60_000;
    const { stepOf } = kit.ports;
    kit.ports.stepOf = (id) => {
      const step = stepOf(id);
      if (step?.id !== 'freeze-workload' || kit.clock.now() > until) return step;
      return Object.assign({}, step, { undo: () => Promise.reject(forbidden) });
    };
    await setGoal(kit, 'i-1', 'released');
    assert.equal((await deliver(kit)).state, 'released');
    assert.deepEqual([living(), replicas()], [subjects, 3]);
  });
});
