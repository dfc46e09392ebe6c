import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { bind } from '../../../shared/containment/bound-step.ts';
import { contextOf } from '../../../shared/containment/context.ts';
import { restarted } from '../../../shared/containment/restarted.ts';
import type { Applied, StepOf } from '../../../shared/containment/step.ts';
import { type Book, workOn } from '../../../shared/containment/work.ts';
import { subjectsOf } from '../../../shared/decision/step-subjects.ts';
import { Conflict, Denied, Malformed, Throttled, Transient } from '../../../shared/errors.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { containmentKit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';

const MINUTE_MS = 60_000;

type Given = {
  step?: Partial<StepOf<'pod'>>;
  known?: Partial<Entry>;
  dry?: boolean;
  /** The state of the operation that the entry knows; without it the service has forgotten it. */
  isRunning?: boolean;
  act?: (...given: Parameters<typeof workOn>) => Promise<Entry>;
};

/** Works once on an entry of a step that does what `step` says; `told` lists its calls and what was saved, in order. */
const worked = async ({ step = {}, known, dry = false, isRunning, act = workOn }: Given = {}) => {
  const kit = containmentKit();
  const operation = async (url: string) =>
    isRunning === undefined ? undefined : { url, status: isRunning ? 'RUNNING' : 'DONE', done: !isRunning };
  kit.ports.compute = { ...kit.ports.compute, operation };
  const incident = await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
  const [subject = assert.fail()] = subjectsOf(incident, 'pod');
  const told: string[] = [];
  const noted = (what: string) => void told.push(what);
  const { capture, apply, verify, ...rest } = step;
  const whole: StepOf<'pod'> = {
    id: 'quarantine-pod',
    scope: 'pod',
    does: 'Nothing.',
    journal: 'incident',
    undoable: true,
    permissions: { iam: [], rbac: [] },
    ...rest,
    capture: async (context) => {
      noted('capture');
      return capture === undefined ? { outcome: 'captured', before: { was: 1 } } : capture(context);
    },
    apply: async (context, before) => {
      noted(`apply ${JSON.stringify(before)}`);
      return apply === undefined ? { outcome: 'applied' } : apply(context, before);
    },
    verify: async (context, before) => {
      noted('verify');
      return verify === undefined ? { proof: 'proven' } : verify(context, before);
    },
    undo: async () => assert.fail('undone'),
  };
  const bound = bind(whole, subject) ?? assert.fail();
  const at = timeOf(kit.clock.now());
  let entry: Entry | undefined =
    known === undefined
      ? undefined
      : {
          ...{ step: whole.id, subject: subject.subject, uid: subject.uid, state: 'applying', startedAt: at },
          ...{ proof: null, rev: 3 },
          ...known,
        };
  const book: Book = {
    entry: () => entry,
    save: async (saved) => {
      noted(`save ${saved.state}`);
      entry = saved;
    },
  };
  const hold = { token: 't', goalRev: 7, dry, gated: false };
  const context = contextOf(kit.ports, incident, subject, hold, undefined, () => []);
  const done = await act(bound, context, book, 7);
  if (act === workOn) assert.deepEqual(entry, done, 'what is returned is what was saved');
  return { done, told, now: kit.clock.now(), at };
};

const throwing = (thrown: Error) => ({ apply: () => Promise.reject(thrown) });

describe('work on a step', () => {
  it('saves the before-image before the change, and the result after the check', async () => {
    const { done, told, now } = await worked({
      step: { capture: async () => ({ outcome: 'captured', before: { was: 1 }, deadlineMs: 5_000 }) },
    });
    assert.deepEqual(told, ['capture', 'save applying', 'apply {"was":1}', 'verify', 'save applied']);
    assert.deepEqual([done.state, done.proof, done.rev, done.before], ['applied', 'proven', 7, { was: 1 }]);
    assert.equal(done.deadline, timeOf(now + 5_000));
    assert.equal(done.endedAt, timeOf(now));
    assert.equal('because' in done, false);
    assert.match(done.requestId ?? '', /^[0-9a-f-]{36}$/);
  });

  it('never reads a before-image again that is stored', async () => {
    const { done, told } = await worked({ known: { before: { was: 0 }, requestId: 'r-1' } });
    assert.deepEqual(told, ['apply {"was":0}', 'verify', 'save applied']);
    assert.deepEqual([done.rev, done.requestId], [7, 'r-1']);
  });

  for (const [outcome, state, proof] of [
    ['already', 'skipped', 'proven'],
    ['gone', 'skipped', null],
    ['refused', 'refused', null],
  ] as const)
    it(`changes nothing where the world is ${outcome}`, async () => {
      const { done, told } = await worked({ step: { capture: async () => ({ outcome, because: 'so it is' }) } });
      assert.deepEqual(told, ['capture', `save ${state}`]);
      assert.deepEqual([done.state, done.proof, done.because, done.before], [state, proof, 'so it is', undefined]);
    });

  for (const [outcome, state] of [
    ['gone', 'skipped'],
    ['refused', 'refused'],
    ['failed', 'failed'],
  ] as const)
    it(`checks nothing where the change is ${outcome}, and keeps the before-image`, async () => {
      const { done, told } = await worked({ step: { apply: async () => ({ outcome, because: 'so it is' }) } });
      assert.equal(told.includes('verify'), false);
      assert.deepEqual([done.state, done.proof, done.because, done.before], [state, null, 'so it is', { was: 1 }]);
    });

  it('applies from a newer before-image, which is stored first, where others changed the object before the send', async () => {
    const { done, told } = await worked({
      known: { before: { was: 1 }, anew: true },
      step: {
        apply: async ({ entry }, { was }) =>
          was === 1
            ? { outcome: 'captured', before: { was: 2 } }
            : { outcome: 'applied', because: `anew: ${entry.anew}` },
      },
    });
    assert.deepEqual(told, ['apply {"was":1}', 'save applying', 'apply {"was":2}', 'verify', 'save applied']);
    assert.deepEqual([done.state, done.before, done.because], ['applied', { was: 2 }, 'anew: undefined']);
  });

  it('has nothing to take back where others have done the same before the send', async () => {
    const { done, told } = await worked({
      known: { before: { was: 1 }, requestId: 'r-1' },
      step: {
        apply: async () => ({ outcome: 'already', because: 'somebody did it', doubts: async () => ['not all'] }),
      },
    });
    assert.deepEqual(told, ['apply {"was":1}', 'save skipped']);
    assert.deepEqual(
      [done.state, done.proof, done.because, done.before, done.requestId],
      ['skipped', 'not proven', 'somebody did it; not all', undefined, undefined],
    );
  });

  it('gives each reason once, and the times and rights that the change brings', async () => {
    const until = '2026-03-02T09:00:00.000Z';
    const revoke = [{ ends: 'x', command: 'kubectl delete x' }];
    const { done } = await worked({
      step: {
        apply: async () => ({ outcome: 'applied', because: 'a', until, revoke }),
        verify: async () => ({ proof: 'not proven', because: 'b' }),
      },
    });
    assert.deepEqual([done.because, done.proof, done.until, done.revoke], ['a; b', 'not proven', until, revoke]);
    const same = await worked({
      step: {
        apply: async () => ({ outcome: 'applied', because: 'a' }),
        verify: async () => ({ proof: 'not proven', because: 'a' }),
      },
    });
    assert.equal(same.done.because, 'a');
    const empty = await worked({ step: { verify: async () => ({ proof: 'proven', because: '' }) } });
    assert.equal('because' in empty.done, false);
  });

  it('waits as long as the step says, with the operation and request that the step names now', async () => {
    const waiting = (operation?: string, requestId?: string) =>
      worked({
        known: { before: {}, operation: 'old', requestId: 'r-1' },
        step: {
          apply: async () => ({
            ...{ outcome: 'pending', wakeMs: 9_000, because: 'later' },
            ...(operation === undefined ? {} : { operation }),
            ...(requestId === undefined ? {} : { requestId }),
          }),
        },
      });
    const bare = await waiting();
    assert.deepEqual([bare.done.state, bare.done.operation, bare.done.requestId], ['pending', undefined, 'r-1']);
    assert.deepEqual([bare.done.wakeAt, bare.done.because], [timeOf(bare.now + 9_000), 'later']);
    const named = await waiting('new', 'r-2');
    assert.deepEqual([named.done.operation, named.done.requestId], ['new', 'r-2']);
  });

  it('is tried five times where others change the same, and then comes again', async () => {
    let tries = 0;
    const losing = (times: number) => {
      tries = 0;
      return worked({
        step: {
          apply: async () => {
            tries += 1;
            if (tries <= times) throw new Conflict('changed');
            return { outcome: 'applied' };
          },
        },
      });
    };
    const { done, told } = await losing(4);
    assert.equal(done.state, 'applied');
    assert.equal(told.filter((what) => what === 'capture').length, 1);
    await assert.rejects(losing(5), (thrown: Error) => {
      assert.ok(thrown instanceof Transient);
      return /quarantine-pod on shop\/cart-\S+: it was changed by others 5 times in a row/.test(thrown.message);
    });
    assert.equal(tries, 5);
  });

  it('is tried again for 15 minutes where it is denied, at last just then, and has failed after that', async () => {
    const { now } = containmentKit().clock;
    /** Denied since so many ms ago; `ago`: since when it should have been tried again. */
    const at = (ms: number, ago = 0) =>
      worked({
        known: { before: {}, refusedFrom: timeOf(now() - ms), wakeAt: timeOf(now() - ago) },
        step: throwing(new Denied('not allowed')),
      });
    // However long it has worked before: a drain, or a look at a snapshot, is not given up at its first denial.
    const first = await worked({
      known: { before: {}, startedAt: timeOf(now() - 60 * MINUTE_MS), wakeAt: timeOf(now()) },
      step: throwing(new Denied('not allowed')),
    });
    assert.deepEqual([first.done.state, first.done.rev], ['pending', 7]);
    assert.equal(first.done.wakeAt, timeOf(first.now + 30_000));
    assert.match(first.done.because ?? '', /^denied, will be tried again until 2026-03-02 03:15:00 UTC: not allowed$/);
    const last = await at(15 * MINUTE_MS - 1_000);
    assert.deepEqual([last.done.state, last.done.wakeAt], ['pending', timeOf(last.now + 1_000)]);
    const over = await at(15 * MINUTE_MS);
    assert.deepEqual([over.done.state, over.done.because], ['failed', 'denied for 15 minutes: not allowed']);
    assert.equal('wakeAt' in over.done || 'refusedFrom' in over.done, false);
    // Nobody tried meanwhile, as under a halt.
    assert.equal((await at(15 * MINUTE_MS, 5 * MINUTE_MS)).done.state, 'failed');
    assert.equal((await at(15 * MINUTE_MS, 6 * MINUTE_MS)).done.refusedFrom, timeOf(now()));
    const waiting = { outcome: 'pending', wakeMs: 9_000, because: 'later' } as const;
    const between = await worked({
      known: { before: {}, refusedFrom: timeOf(now() - MINUTE_MS), wakeAt: timeOf(now()) },
      step: { apply: async () => waiting },
    });
    assert.equal('refusedFrom' in between.done, false, 'a try that was not denied');
  });

  it('is done, though not proven, where its check gets no answer or is denied for 15 minutes, or cannot be read', async () => {
    const { now } = containmentKit().clock;
    const at = (ms: number, fault: Error) => {
      const since = timeOf(now() - ms);
      const denied = fault instanceof Denied ? { refusedFrom: since, wakeAt: timeOf(now()) } : {};
      return worked({
        known: { before: {}, startedAt: since, ...denied },
        step: { verify: () => Promise.reject(fault) },
      });
    };
    for (const fault of [new Transient('down'), new Denied('down')]) {
      const { done } = await at(15 * MINUTE_MS, fault);
      assert.deepEqual([done.state, done.proof], ['applied', 'not proven']);
      assert.equal(done.because, 'done, but it could not be checked for 15 minutes: down');
    }
    await assert.rejects(at(15 * MINUTE_MS - 1_000, new Transient('down')), /down/);
    const denied = await at(15 * MINUTE_MS - 1_000, new Denied('down'));
    assert.equal(denied.done.state, 'pending');
    // However long the step has taken, its check is not given up at the first denial.
    const slow = await worked({
      known: { before: {}, startedAt: timeOf(now() - 60 * MINUTE_MS), wakeAt: timeOf(now()) },
      step: { verify: () => Promise.reject(new Denied('down')) },
    });
    assert.equal(slow.done.state, 'pending');
    const { done } = await at(0, new Malformed('unreadable'));
    assert.deepEqual([done.state, done.proof], ['applied', 'not proven']);
    assert.equal(done.because, 'done, but it could not be checked: unreadable');
  });

  it('waits with its check for calls of the next minute, however often, and as long as its own time lasts', async () => {
    const startedAt = timeOf(containmentKit().clock.now() - 20 * MINUTE_MS);
    const deadline = timeOf(containmentKit().clock.now() + MINUTE_MS);
    const failing = (fault: Error, known: Partial<Entry>) =>
      worked({ known: { before: {}, startedAt, ...known }, step: { verify: () => Promise.reject(fault) } });
    assert.equal((await failing(new Throttled('too many'), {})).done.state, 'pending');
    await assert.rejects(failing(new Transient('down'), { deadline }), /down/);
    await assert.rejects(failing(new TypeError('x'), {}), TypeError);
  });

  it('has failed where it meets what it cannot read, and passes any other fault on', async () => {
    const { done } = await worked({ step: throwing(new Malformed('unreadable')) });
    assert.deepEqual([done.state, done.because, done.before], ['failed', 'unreadable', { was: 1 }]);
    for (const fault of [new Transient('down'), new TypeError('x')])
      await assert.rejects(worked({ step: throwing(fault) }), fault);
  });

  const sends: Partial<StepOf<'pod'>> = {
    capture: async () => ({ outcome: 'captured', before: { was: 1 }, deadlineMs: 5_000, until: timeOf(0) }),
    apply: async ({ write }) => {
      await write.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart' }, { uid: 'u' });
      return { outcome: 'applied' };
    },
  };

  it('says in a dry run what it would have sent, keeps nothing of it, and saves nothing before', async () => {
    const { done, told } = await worked({ dry: true, step: sends });
    assert.deepEqual(told, ['capture', 'apply {"was":1}', 'save dry-run']);
    assert.match(done.because ?? '', /^would delete Pod/);
    for (const field of ['before', 'requestId', 'deadline', 'until']) assert.equal(field in done, false, field);
    const nothing = await worked({ dry: true });
    assert.deepEqual([nothing.done.state, nothing.done.because], ['dry-run', 'would change nothing']);
    const refused = await worked({ dry: true, step: { apply: async () => ({ outcome: 'refused', because: 'no' }) } });
    assert.equal(refused.done.state, 'refused');
  });

  it('leaves in a dry run as it is what was begun in earnest, with its before-image', async () => {
    const { done } = await worked({ dry: true, step: sends, known: { before: { was: 0 }, requestId: 'r-1' } });
    assert.deepEqual([done.state, done.before, done.requestId], ['held', { was: 0 }, 'r-1']);
    assert.match(done.because ?? '', /^its operations so far are left as they are: .*dry run, which would delete Pod/);
    const over = await worked({ dry: true, known: { before: { was: 0 } } });
    assert.equal(over.done.state, 'applied', 'nothing was left to send');
  });

  it('keeps when an opened change ends by itself, from before it is made', async () => {
    const until = '2026-03-02T09:00:00.000Z';
    const { done } = await worked({
      step: {
        capture: async () => ({ outcome: 'captured', before: {}, until }),
        apply: async () => ({ outcome: 'pending', wakeMs: 1_000, because: 'later' }),
      },
    });
    assert.equal(done.until, until);
    const { done: without } = await worked();
    assert.equal('until' in without, false);
  });

  it('tells a dry run of a step that would only wait', async () => {
    const apply = async (): Promise<Applied> => ({ outcome: 'pending', wakeMs: 1_000, because: 'later' });
    const { done } = await worked({ dry: true, step: { apply } });
    assert.deepEqual([done.state, done.because, 'wakeAt' in done], ['dry-run', 'would change nothing', false]);
  });
});

describe('a step that is begun again', () => {
  const again = (given: Given) =>
    worked({ ...given, act: (bound, context, book) => restarted(book.entry() ?? assert.fail(), bound, context) });
  const ended: Partial<Entry> = {
    ...{ state: 'failed', because: 'no', proof: 'not proven', before: { was: 0 }, requestId: 'r-1' },
    startedAt: '2026-03-02T02:00:00.000Z',
    endedAt: '2026-03-02T02:30:00.000Z',
    deadline: '2026-03-02T02:10:00.000Z',
    wakeAt: '2026-03-02T02:40:00.000Z',
    undoFrom: '2026-03-02T02:20:00.000Z',
  };

  it('works from its before-image, with as much time as it had at first, and with a new request', async () => {
    const { done, told, now } = await again({ known: ended });
    assert.deepEqual(told, []);
    assert.deepEqual([done.state, done.proof, done.before], ['applying', null, { was: 0 }]);
    assert.deepEqual([done.startedAt, done.deadline], [timeOf(now), timeOf(now + 10 * MINUTE_MS)]);
    assert.notEqual(done.requestId, 'r-1');
    for (const field of ['because', 'endedAt', 'wakeAt', 'undoFrom', 'operation'])
      assert.equal(field in done, false, field);
    const { deadline: _, ...free } = ended;
    assert.equal('deadline' in (await again({ known: free })).done, false);
  });

  it('goes on with an operation that still runs, under its own request, and with no other', async () => {
    const operation = JSON.stringify({ tag: { attempt: 1, url: 'projects/p1/zones/z/operations/o' } });
    for (const isRunning of [true, false, undefined]) {
      const { done } = await again({
        known: { ...ended, operation },
        ...(isRunning === undefined ? {} : { isRunning }),
      });
      assert.equal(done.operation, isRunning === true ? operation : undefined);
      assert.equal(done.requestId === 'r-1', isRunning === true);
    }
  });

  it('combines its before-image with a new look at the world only where the step says how', async () => {
    const refresh: StepOf<'pod'>['refresh'] = (was, now) => ({ ...was, now: now.was });
    const { done, told } = await again({ known: ended, step: { refresh } });
    assert.deepEqual([told, done.before], [['capture'], { was: 0, now: 1 }]);
    const gone = await again({
      known: ended,
      step: { refresh, capture: async () => ({ outcome: 'gone', because: 'it is gone' }) },
    });
    assert.deepEqual(gone.done.before, { was: 0 });
  });
});
