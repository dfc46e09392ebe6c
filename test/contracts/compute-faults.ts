import { strict as assert } from 'node:assert';
import { Conflict, Denied, Malformed, Transient } from '../../shared/errors.ts';
import type { ComputeCase } from './compute.ts';

const AT = { project: 'p1', zone: 'europe-west1-b', name: 'n1' };

/** Cases for refusals, for operations that fail, and for lost calls and replies. */
export const computeFaultContract = (given: () => ComputeCase): void => {
  const vm = () => ({
    project: 'p1',
    zone: 'europe-west1-b',
    id: given().world.state.instances.get('projects/p1/zones/europe-west1-b/instances/n1')?.id ?? '',
  });
  const keep = (requestId = given().requestId()) =>
    given().compute.setDiskAutoDelete({ vm: vm(), deviceName: 'persistent-disk-0', autoDelete: false, requestId });
  const changes = () => given().world.state.log.by('contain').length;

  describe('a change', () => {
    beforeEach(() => given().world.addInstance(AT));

    it('sent again under its requestId is the same operation and one change', async () => {
      const { compute, done, requestId } = given();
      const id = requestId();
      const first = await keep(id);
      const second = await keep(id);
      assert.deepEqual(first, second);
      const operation = await done(first);
      assert.deepEqual(await keep(id), operation);
      assert.equal(changes(), 1);
      const other = compute.setDiskAutoDelete({
        vm: vm(),
        deviceName: 'persistent-disk-0',
        autoDelete: true,
        requestId: id,
      });
      await assert.rejects(other, Malformed);
    });

    it('is a new operation under a new requestId, and no second change where nothing is left to change', async () => {
      const { done } = given();
      const first = await done(await keep());
      const second = await done(await keep());
      assert.notEqual(first.url, second.url);
      assert.equal(changes(), 1);
    });

    it('is not sent without a requestId that the service would take', async () => {
      for (const id of ['', '00000000-0000-0000-0000-000000000000', 'x']) await assert.rejects(keep(id), Malformed);
      assert.equal(given().world.state.calls.length, 0);
    });

    it('whose answer was lost is Transient and has happened: the same requestId finds it', async () => {
      const { done, requestId, world } = given();
      world.script({ kind: 'lose-reply', method: 'Instances.SetDiskAutoDelete' });
      const id = requestId();
      await assert.rejects(keep(id), Transient);
      assert.equal((await done(await keep(id))).error, undefined);
      assert.equal(changes(), 1);
    });

    it('that never arrived is Transient and has not happened', async () => {
      const { advance, world } = given();
      world.script({ kind: 'lose-call', method: 'Instances.SetDiskAutoDelete' });
      await assert.rejects(keep(), Transient);
      advance(60_000);
      world.settle();
      assert.equal(changes(), 0);
      assert.equal(world.state.calls.length, 0);
    });

    it('is sent once, whatever the answer', async () => {
      const { world } = given();
      world.script({ kind: 'refuse', status: 503, reason: 'backendError', method: '*' });
      await assert.rejects(keep(), Transient);
      assert.equal(world.state.calls.length, 1);
    });

    for (const [status, reason, error] of [
      [429, 'rateLimitExceeded', Transient],
      [403, 'rateLimitExceeded', Transient],
      [403, 'quotaExceeded', Transient],
      [403, 'forbidden', Denied],
      [401, 'authError', Denied],
      [409, 'conflict', Conflict],
      [412, 'conditionNotMet', Conflict],
      [400, 'invalid', Malformed],
      [400, 'resourceNotReady', Transient],
      [500, 'backendError', Transient],
    ] as const) {
      it(`answered ${status} ${reason} is ${error.name}`, async () => {
        given().world.script({ kind: 'refuse', status, reason, method: 'Instances.SetDiskAutoDelete' });
        await assert.rejects(keep(), error);
        assert.equal(changes(), 0);
      });
    }

    for (const [code, status, means] of [
      ['QUOTA_EXCEEDED', 403, 'transient'],
      ['RESOURCE_OPERATION_RATE_EXCEEDED', 429, 'transient'],
      ['INTERNAL_ERROR', 500, 'transient'],
      ['CONDITION_NOT_MET', 412, 'conflict'],
      ['RESOURCE_ALREADY_EXISTS', 409, 'conflict'],
      ['RESOURCE_NOT_FOUND', 404, 'gone'],
      ['PERMISSIONS_ERROR', 403, 'denied'],
      ['INVALID_USAGE', 400, 'malformed'],
    ] as const) {
      it(`accepted with 200 and then failed as ${code} tells it in the operation`, async () => {
        const { done, world } = given();
        world.script({ kind: 'fail-operation', code, status, message: 'no', method: 'Instances.SetDiskAutoDelete' });
        const { error } = await done(await keep());
        assert.deepEqual(error, { code, message: 'no', status, means });
        assert.equal(changes(), 0);
      });
    }

    it('is refused by IAM with the permission that is missing', async () => {
      const { requestId, world } = given();
      world.grant('contain', ['compute.instances.get']);
      await assert.rejects(keep(requestId()), (thrown: unknown) => {
        assert.ok(thrown instanceof Denied);
        assert.match(thrown.message, /compute\.instances\.setDiskAutoDelete/);
        return true;
      });
      assert.equal(world.state.calls.at(-1)?.status, 403);
    });
  });

  describe('an operation', () => {
    it('runs its course, and is undefined where the service does not know it', async () => {
      const { advance, compute, world } = given();
      world.addInstance(AT);
      const accepted = await keep();
      assert.ok(typeof accepted === 'object');
      assert.equal(accepted.done, false);
      advance(world.state.durations.pending);
      assert.equal((await compute.operation(accepted.url))?.status, 'RUNNING');
      advance(world.state.durations.running);
      assert.equal((await compute.operation(accepted.url))?.done, true);
      assert.equal(await compute.operation('projects/p1/zones/europe-west1-b/operations/operation-1'), undefined);
      await assert.rejects(compute.operation('operation-1'), Malformed);
    });
  });

  describe('a read', () => {
    it('of a service that stays away is Transient', async () => {
      given().world.script({
        kind: 'refuse',
        status: 503,
        reason: 'backendError',
        method: 'Instances.Get',
        times: 1000,
      });
      await assert.rejects(given().compute.instance(AT), Transient);
    });

    it('without the right to it is Denied', async () => {
      given().world.grant('somebody', []);
      await assert.rejects(given().compute.instance(AT), Denied);
    });
  });
};
