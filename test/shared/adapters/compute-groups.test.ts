import { strict as assert } from 'node:assert';
import { groupPorts } from '../../../shared/adapters/compute-groups.ts';

describe('the ports for groups', () => {
  const GROUP = 'projects/p1/zones/europe-west1-b/instanceGroupManagers/g1';

  it('give a member that has no VM yet without an id, whether the service leaves it out or says 0', async () => {
    const managedInstances = ['0', undefined, '42'].map((id, n) => ({
      instance: `https://www.googleapis.com/compute/v1/projects/p1/zones/europe-west1-b/instances/n${n}`,
      currentAction: 'CREATING',
      ...(id === undefined ? {} : { id }),
    }));
    const page = { managedInstances, nextPageToken: '' };
    const members = await groupPorts(async () => page).managedInstances(GROUP);
    assert.deepEqual(
      members?.map((one) => [one.name, one.id]),
      [
        ['n0', undefined],
        ['n1', undefined],
        ['n2', '42'],
      ],
    );
  });

  it('leave out a member that is queued and has no URL yet, and give the others', async () => {
    const instance = 'https://www.googleapis.com/compute/v1/projects/p1/zones/europe-west1-b/instances/n0';
    const managedInstances = [
      { name: 'n1', currentAction: 'CREATING' },
      { instance, id: '42' },
    ];
    const members = await groupPorts(async () => ({ managedInstances })).managedInstances(GROUP);
    assert.deepEqual(
      members?.map((one) => [one.name, one.id]),
      [['n0', '42']],
    );
  });

  it('call a group autoscaled only where it names its autoscaler', async () => {
    const read = async (status: object) =>
      (await groupPorts(async () => ({ id: '1', name: 'g1', status })).group(GROUP))?.autoscaled;
    assert.deepEqual(
      [await read({}), await read({ autoscaler: '' }), await read({ autoscaler: 'projects/p1/a' })],
      [false, false, true],
    );
  });
});
