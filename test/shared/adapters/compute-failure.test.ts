import { strict as assert } from 'node:assert';
import { ComputeFailure, errorOf, isGone, isTaken, meaningOf } from '../../../shared/adapters/compute-failure.ts';
import { Conflict, Denied, Exhausted, Malformed, Throttled, Transient } from '../../../shared/errors.ts';

describe('the error for an answer of Compute Engine', () => {
  const cases: Array<[number | undefined, string | undefined, new (m: string) => Error]> = [
    [undefined, undefined, Transient],
    [400, 'invalid', Malformed],
    [400, 'resourceInUseByAnotherResource', Malformed],
    [400, 'resourceNotReady', Transient],
    [401, 'authError', Denied],
    [403, 'forbidden', Denied],
    [403, 'accessNotConfigured', Denied],
    [403, 'rateLimitExceeded', Throttled],
    [429, 'RATE_LIMIT_EXCEEDED', Throttled],
    [403, 'quotaExceeded', Exhausted],
    [403, 'QUOTA_EXCEEDED', Exhausted],
    [404, undefined, Transient],
    [404, 'notFound', Malformed],
    [408, undefined, Transient],
    [409, 'resourceInUse', Conflict],
    [412, 'conditionNotMet', Conflict],
    [429, undefined, Transient],
    [500, undefined, Transient],
    [503, 'ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS', Exhausted],
    [599, 'forbidden', Transient],
  ];
  for (const [status, reason, kind] of cases)
    it(`${status ?? 'no reply'} ${reason ?? 'without a reason'}: ${kind.name}`, () => {
      const made = errorOf(new ComputeFailure('said', status, reason), 'disk d1');
      // A quota is Transient too, but nobody may free it for a long time: the exact class counts.
      assert.equal(made.constructor, kind);
      const answer = [status ?? 'no reply', ...(reason === undefined ? [] : [reason])].join(' ');
      const next =
        status === 403 && kind === Denied
          ? '. Grant it (`firebreak doctor` says what to apply), or accept the refusal.'
          : '';
      assert.equal(made.message, `disk d1: Compute Engine answered ${answer}: said${next}`);
    });

  it('keeps an error that is none of the service, and takes anything else for passing', () => {
    const own = new Malformed('own');
    assert.equal(errorOf(own, 'disk d1'), own);
    assert.deepEqual(errorOf('odd\n', 'disk d1'), new Transient('disk d1: odd '));
  });

  it('is one short line, whatever the service says', () => {
    const { message } = errorOf(new ComputeFailure(`one\n\ttwo\u001b[31m${'x'.repeat(2_000)}`, 400), 'disk d1');
    assert.ok(message.length < 600);
    assert.doesNotMatch(message, /[\u0000-\u001f]/);
    assert.match(message, /one two/);
  });

  it('takes a thing for gone, or a name for taken, only where the service says just that', () => {
    const gone = (status: number, reason?: string): boolean => isGone(new ComputeFailure('', status, reason));
    assert.deepEqual([gone(404, 'notFound'), gone(404), gone(403, 'notFound')], [true, false, false]);
    assert.equal(isGone(new Error('404 notFound')), false);
    const taken = (status: number, reason?: string): boolean => isTaken(new ComputeFailure('', status, reason));
    assert.deepEqual([taken(409, 'alreadyExists'), taken(409, 'ALREADY_EXISTS')], [true, true]);
    assert.deepEqual([taken(409, 'conflict'), taken(409), taken(400, 'alreadyExists')], [false, false, false]);
  });

  it('calls a 412 a conflict only where it is about a fingerprint, or gives no reason', () => {
    for (const message of [
      'Supplied fingerprint does not match current tags fingerprint.',
      'Invalid fingerprint.',
      'constraints of the fingerprint',
      'conditionNotMet',
      'Precondition Failed',
      '',
    ])
      assert.equal(meaningOf(412, 'conditionNotMet', message), 'conflict', message);
    for (const message of [
      'Constraint constraints/compute.vmExternalIpAccess violated for project p1.',
      'Multiple constraints were violated. See details for more information.',
      'Operation denied by custom org policies: ["customConstraints/custom.tags": "Known tags only"]',
      'The service account service-1@compute-system.iam.gserviceaccount.com needs to have [compute.disks.use] permissions.',
    ])
      assert.equal(meaningOf(412, 'conditionNotMet', message), 'malformed', message);
    assert.equal(meaningOf(503, undefined, 'constraints/compute.vmExternalIpAccess'), 'transient');
  });
});
