import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { openLedger } from '../../../shared/containment/ledger.ts';
import { pass } from '../../../shared/containment/pass.ts';
import type { Reserve } from '../../../shared/containment/reserve.ts';
import type { Applied, Step, StepOf } from '../../../shared/containment/step.ts';
import { Stopped } from '../../../shared/containment/stopped.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import { type Entry, keyOf, type PlanItem } from '../../../shared/model/entry.ts';
import type { StepId } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { containmentKit, incidentOf, type Kit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';

type Done = Applied | Error | ((kit: Kit) => Promise<Applied>);
type Planned = Partial<PlanItem> & { step: StepId; does?: Done; reads?: Error } & Pick<Step, 'pace' | 'atOnce'>;
type Given = { dry?: boolean; reserve?: Reserve; journal?: Array<Partial<Entry> & { step: StepId }>; rev?: number };

const FREE: Reserve = async () => undefined;
const OK: Applied = { outcome: 'applied' };
const withGoal = (incident: Incident): incident is Incident & { goal: Goal } => incident.goal !== null;

/**
 * Walks once through a plan of steps on one pod, each of which does what it is given. `told`: begun and ended steps.
 */
const walked = async (items: Planned[], { dry = false, reserve = FREE, journal = [], rev = 1 }: Given = {}) => {
  const kit = containmentKit();
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  const opened = await openIncident(kit, 'i-1', [subject], 'quarantine', { rev });
  const place = { subject: `shop/${subject.name}`, uid: subject.uid };
  const told: string[] = [];
  const lines: Array<Record<string, unknown>> = [];
  const info = (arrow: string, _: string, fields: Record<string, unknown> = {}): void => {
    if (arrow === 'step -> record') lines.push(fields);
  };
  const ports = {
    ...kit.ports,
    log: { ...kit.ports.log, info },
    stepOf: (id: StepId): StepOf<'pod'> | undefined => {
      const given = items.find(({ step }) => step === id);
      if (given === undefined || id === 'drain-node') return undefined;
      return {
        ...{ id, scope: 'pod', does: 'Nothing.', journal: 'incident', undoable: false },
        permissions: { iam: [], rbac: [] },
        ...(given.pace === undefined ? {} : { pace: given.pace }),
        ...(given.atOnce === undefined ? {} : { atOnce: given.atOnce }),
        capture: async () => {
          if (given.reads !== undefined) throw given.reads;
          return { outcome: 'captured', before: {} };
        },
        apply: async () => {
          told.push(`${id} begins`);
          const { does = OK } = given;
          try {
            if (does instanceof Error) throw does;
            return typeof does === 'function' ? await does(kit) : does;
          } finally {
            told.push(`${id} ends`);
          }
        },
        verify: async () => ({ proof: 'proven' }),
        undo: async () => assert.fail('undone'),
      };
    },
  };
  const plan = items.map(
    ({ does: _, reads: __, pace: ___, atOnce: ____, ...item }): PlanItem => ({ ...place, after: [], ...item }),
  );
  const known = journal.map(
    (e): Entry => ({
      ...{ ...place, state: 'pending', startedAt: timeOf(kit.clock.now()), proof: null, rev: 0 },
      ...e,
    }),
  );
  await kit.ports.stores.incidents.put('i-1', { ...opened, plan, journal: known }, opened.rev);
  const ledger = (await openLedger(ports, 'i-1', 'contain-1', 't', withGoal)) ?? assert.fail();
  const hold = { token: ledger.token, goalRev: rev, dry, gated: false };
  let thrown: unknown;
  const walk = async () => {
    try {
      return await pass(ports, ledger, hold, [], reserve);
    } catch (fault) {
      thrown = fault;
      return undefined;
    } finally {
      await ledger.close((i) => i);
    }
  };
  const driven = await kit.clock.drive(walk());
  const incident = await incidentOf(kit, 'i-1');
  return {
    ...{ kit, told, lines, incident, thrown },
    result: driven.settled ? driven.value : assert.fail('it waits for ever'),
    states: Object.fromEntries(incident.journal.map((e) => [e.step, e.state])),
    entry: (step: StepId) => incident.journal.find((e) => e.step === step),
    key: (step: StepId) => keyOf({ step, ...place }),
  };
};

const POD = containmentKit();
const PLACE = (() => {
  const { name, uid } = podNamed(POD, 'shop', 'cart').metadata;
  return { subject: `shop/${name}`, uid };
})();
const key = (step: StepId): string => keyOf({ step, ...PLACE });
const HELD: Reserve = async () => 'the budget is full';

describe('a walk through the plan', () => {
  it('does what may be done, in order, and says that nothing is open', async () => {
    const { told, result, states } = await walked([{ step: 'quarantine-pod' }, { step: 'delete-pod' }]);
    assert.deepEqual(told, ['quarantine-pod begins', 'quarantine-pod ends', 'delete-pod begins', 'delete-pod ends']);
    assert.deepEqual(states, { 'quarantine-pod': 'applied', 'delete-pod': 'applied' });
    assert.deepEqual(result, { progressed: true, open: false, faults: [] });
  });

  it('does nothing where all is done, and says that it has not progressed', async () => {
    const { told, result } = await walked([{ step: 'quarantine-pod' }], {
      journal: [{ step: 'quarantine-pod', state: 'applied', rev: 1 }],
    });
    assert.deepEqual([told, result], [[], { progressed: false, open: false, faults: [] }]);
  });

  it('carries out neighbours that only keep evidence at the same time, and no others', async () => {
    let release: () => void = () => undefined;
    const both = new Promise<void>((ok) => {
      release = ok;
    });
    const waiting = (): Promise<Applied> => both.then(() => OK);
    const ending = async (): Promise<Applied> => {
      release();
      return OK;
    };
    const { told } = await walked([
      { step: 'start-snapshots', pace: 'alongside', does: waiting },
      { step: 'capture-evidence', pace: 'alongside', does: ending },
      { step: 'quarantine-pod' },
    ]);
    assert.deepEqual(told.slice(0, 2), ['start-snapshots begins', 'capture-evidence begins']);
    assert.deepEqual(told.slice(-2), ['quarantine-pod begins', 'quarantine-pod ends']);
    // Each of these ends late enough for another to begin meanwhile, if that were allowed.
    const slow = async (): Promise<Applied> => {
      for (let turn = 0; turn < 200; turn += 1) await undefined;
      return OK;
    };
    const inTurn = (...steps: StepId[]): string[] => steps.flatMap((step) => [`${step} begins`, `${step} ends`]);
    for (const field of ['after', 'anyOf', 'follows'] as const) {
      const { told: order } = await walked([
        { step: 'start-snapshots', pace: 'alongside', does: slow },
        { step: 'capture-evidence', pace: 'alongside', [field]: [key('start-snapshots')] },
      ]);
      assert.deepEqual(order, inTurn('start-snapshots', 'capture-evidence'), field);
    }
    const { told: third } = await walked([
      { step: 'start-snapshots', pace: 'alongside', does: slow },
      { step: 'capture-evidence', pace: 'alongside', does: slow },
      { step: 'keep-disks', pace: 'alongside', after: [key('start-snapshots')] },
    ]);
    assert.deepEqual(third.slice(-2), inTurn('keep-disks'), 'it goes with one of the two, but not with the other');
    const parts = ['objects', 'logs'].map((part) => ({
      ...{ step: 'capture-evidence' as const, subject: `${PLACE.subject}#${part}`, pace: 'alongside' as const },
      does: slow,
    }));
    assert.deepEqual((await walked(parts)).told, inTurn('capture-evidence', 'capture-evidence'), 'the same step');
    const beside = await walked([
      { step: 'start-snapshots', pace: 'alongside', does: slow },
      { step: 'quarantine-pod', does: slow },
      { step: 'capture-evidence', pace: 'alongside', does: slow },
    ]);
    assert.deepEqual(beside.told, inTurn('start-snapshots', 'quarantine-pod', 'capture-evidence'));
  });

  it('goes on past a faulty step, up to those that need it', async () => {
    const { states, result, told } = await walked([
      { step: 'quarantine-pod', does: new Transient('down') },
      { step: 'delete-pod' },
      { step: 'kill-container', after: [key('quarantine-pod')] },
    ]);
    assert.deepEqual([states['delete-pod'], states['kill-container']], ['applied', undefined]);
    assert.deepEqual([result?.open, result?.progressed, result?.faults.map(String)], [true, true, ['Transient: down']]);
    assert.equal(told.includes('kill-container begins'), false);
    const alone = await walked([{ step: 'quarantine-pod', does: new Transient('down') }]);
    assert.deepEqual([alone.result?.open, alone.result?.progressed], [true, false], 'it is not settled by its fault');
    assert.deepEqual([alone.entry('quarantine-pod')?.state, alone.entry('quarantine-pod')?.rev], ['applying', 1]);
    assert.equal(alone.entry('quarantine-pod')?.because, 'down', 'people see what it waits for');
  });

  it('ends with a stop, once the other steps of its group have ended', async () => {
    const slow = { step: 'capture-evidence', pace: 'alongside' } as const;
    const { thrown, told } = await walked([
      { step: 'start-snapshots', pace: 'alongside', does: new Stopped('halt', 'halted by ana') },
      slow,
      { step: 'quarantine-pod' },
    ]);
    assert.ok(thrown instanceof Stopped);
    assert.deepEqual(told.slice(-1), ['capture-evidence ends']);
  });

  it('says when to look again: at the first of what waits', async () => {
    const later = (wakeMs: number): Applied => ({ outcome: 'pending', wakeMs, because: 'later' });
    const { result, kit, states } = await walked([
      { step: 'quarantine-pod', does: later(9_000) },
      { step: 'delete-pod', does: later(5_000) },
      { step: 'kill-container' },
    ]);
    assert.deepEqual([result?.open, result?.wake], [true, timeOf(kit.clock.now() + 5_000)]);
    assert.equal(states['kill-container'], 'applied');
    const { result: none } = await walked([{ step: 'quarantine-pod', does: later(9_000) }], {
      journal: [{ step: 'quarantine-pod', wakeAt: '2026-03-02T05:00:00.000Z', rev: 1 }],
    });
    assert.deepEqual([none?.open, none?.progressed, none?.wake], [true, false, '2026-03-02T05:00:00.000Z']);
  });

  it('refuses what needs a step that did not succeed, and a step that this version does not have', async () => {
    const { states, entry, result } = await walked([
      { step: 'quarantine-pod', does: { outcome: 'failed', because: 'no' } },
      { step: 'delete-pod', after: [key('quarantine-pod')] },
      { step: 'drain-node' },
    ]);
    assert.deepEqual([states['delete-pod'], states['drain-node']], ['refused', 'refused']);
    assert.match(entry('delete-pod')?.because ?? '', /quarantine-pod on \S+ did not succeed \(failed: no\)/);
    assert.match(entry('drain-node')?.because ?? '', /this version cannot carry out this step on this subject/);
    assert.equal(result?.open, false);
  });

  it('counts a refusal as progress: what follows the refused step goes in the next walk', async () => {
    const { result } = await walked([{ step: 'drain-node' }]);
    assert.deepEqual([result?.open, result?.progressed], [false, true]);
  });

  it('writes the result of a step at once, while another step of its group still goes on', async () => {
    const seen: unknown[] = [];
    const { states } = await walked([
      { step: 'start-snapshots', pace: 'alongside' },
      {
        step: 'capture-evidence',
        pace: 'alongside',
        does: async (kit) => {
          await kit.clock.sleep(1_000);
          seen.push(...(await incidentOf(kit, 'i-1')).journal.map(({ step, state }) => [step, state]));
          return OK;
        },
      },
    ]);
    assert.deepEqual(seen, [
      ['start-snapshots', 'applied'],
      ['capture-evidence', 'applying'],
    ]);
    assert.deepEqual(states, { 'start-snapshots': 'applied', 'capture-evidence': 'applied' });
  });

  it('leaves no entry of a faulty step in a dry run: it would stay open, and nothing was begun', async () => {
    const { states, result } = await walked([{ step: 'quarantine-pod', reads: new Transient('down') }], { dry: true });
    assert.deepEqual([states, result?.open, result?.faults.map(String)], [{}, true, ['Transient: down']]);
    const inEarnest = await walked([{ step: 'quarantine-pod', reads: new Transient('down') }]);
    assert.deepEqual(inEarnest.states, { 'quarantine-pod': 'pending' }, 'what waits for it has something to wait for');
    assert.equal(inEarnest.entry('quarantine-pod')?.because, 'down');
  });

  it('writes one line for each result, with its step, state and reason', async () => {
    const { lines } = await walked(
      [
        { step: 'quarantine-pod', does: { outcome: 'failed', because: 'no' } },
        { step: 'delete-pod', after: [key('quarantine-pod')] },
        { step: 'kill-container' },
      ],
      { reserve: async ({ step }) => (step === 'kill-container' ? 'the budget is full' : undefined) },
    );
    assert.deepEqual(
      lines.map(({ step, state, because }) => [step, state, because]),
      [
        ['quarantine-pod', 'failed', 'no'],
        ['delete-pod', 'refused', `quarantine-pod on ${PLACE.subject} did not succeed (failed: no)`],
        ['kill-container', 'held', 'the budget is full'],
      ],
    );
  });

  it('has its entries in the order of the plan, whichever is held back, refused or settled last', async () => {
    const plan: Planned[] = [
      { step: 'quarantine-pod' },
      { step: 'delete-pod', after: [key('quarantine-pod')] },
      { step: 'kill-container' },
    ];
    const done = [{ step: 'kill-container' as const, state: 'applied' as const, rev: 1 }];
    const inOrder = plan.map(({ step }) => step);
    const held = await walked(plan, { reserve: HELD, journal: done });
    const failed = [{ step: 'quarantine-pod' as const, state: 'failed' as const, rev: 1 }, ...done];
    const refused = await walked(plan, { journal: failed });
    assert.deepEqual([held.states['delete-pod'], refused.states['delete-pod']], ['held', 'refused']);
    for (const { incident } of [held, refused])
      assert.deepEqual(
        incident.journal.map(({ step }) => step),
        inOrder,
      );
  });

  it('keeps the before-image of a step that was begun and is now refused', async () => {
    const { entry } = await walked([{ step: 'delete-pod', after: [key('quarantine-pod')] }], {
      rev: 2,
      journal: [
        { step: 'quarantine-pod', state: 'failed', rev: 2 },
        { step: 'delete-pod', state: 'failed', before: { was: 1 }, rev: 1 },
      ],
    });
    const { state, before, rev } = entry('delete-pod') ?? {};
    assert.deepEqual([state, before, rev], ['refused', { was: 1 }, 2]);
  });

  it('holds back what the budget does not allow, and marks the incident once', async () => {
    const { told, states, incident, result, entry } = await walked(
      [{ step: 'quarantine-pod' }, { step: 'delete-pod' }],
      { reserve: async ({ step }) => `no room for ${step}` },
    );
    assert.deepEqual([told, states], [[], { 'quarantine-pod': 'held', 'delete-pod': 'held' }]);
    assert.deepEqual([incident.held?.because, incident.held?.budget], ['no room for quarantine-pod', true]);
    assert.equal(entry('delete-pod')?.because, 'no room for delete-pod');
    assert.deepEqual([result?.open, result?.progressed], [false, true]);
  });

  it('holds back with a step what needs it: both go once a person has approved', async () => {
    const { states } = await walked(
      [{ step: 'quarantine-pod' }, { step: 'delete-pod', after: [key('quarantine-pod')] }],
      {
        reserve: HELD,
      },
    );
    assert.deepEqual(states, { 'quarantine-pod': 'held', 'delete-pod': 'held' });
  });

  it('asks for the budget of what was begun too, and keeps what it knows of a step that is held then', async () => {
    const begun = { step: 'quarantine-pod', before: { was: 1 }, requestId: 'r-1', rev: 1 } as const;
    for (const known of [
      { ...begun, state: 'applying' },
      { ...begun, state: 'applying', anew: true },
      { ...begun, state: 'failed', rev: 0 },
      { step: 'quarantine-pod', state: 'pending', host: 'vm-1', rev: 1 },
    ] as const) {
      const { entry, told, incident } = await walked([{ step: 'quarantine-pod' }], {
        reserve: async (_, how) => (how === 'goes on' ? 'the budget is full' : undefined),
        journal: [known],
      });
      const { startedAt: _, endedAt, ...held } = entry('quarantine-pod') ?? assert.fail();
      const because = 'the budget is full';
      const { subject, uid } = PLACE;
      assert.deepEqual(held, { ...known, subject, uid, state: 'held', proof: 'not proven', because, rev: 1 });
      assert.deepEqual([told, incident.held], [[], { because, at: endedAt, budget: true }]);
    }
  });

  it('asks no budget for what is done again after it had succeeded, what waits, and in a dry run', async () => {
    const again = await walked([{ step: 'quarantine-pod' }], {
      reserve: HELD,
      journal: [{ step: 'quarantine-pod', state: 'applied', before: {}, rev: 0 }],
    });
    assert.equal(again.states['quarantine-pod'], 'applied');
    const later: Applied = { outcome: 'pending', wakeMs: 9_000, because: 'later' };
    const waiting = await walked([{ step: 'quarantine-pod' }], {
      reserve: HELD,
      journal: [{ step: 'quarantine-pod', state: 'pending', because: 'down', rev: 1 }],
    });
    assert.equal(waiting.states['quarantine-pod'], 'held', 'it was looked at, but nothing was begun');
    const waits = await walked(
      [
        { step: 'quarantine-pod', does: later },
        { step: 'delete-pod', after: [key('quarantine-pod')] },
      ],
      {
        reserve: async ({ step }) => (step === 'delete-pod' ? 'the budget is full' : undefined),
      },
    );
    assert.deepEqual(waits.states, { 'quarantine-pod': 'pending' });
    const dry = await walked([{ step: 'quarantine-pod' }], { reserve: HELD, dry: true });
    assert.equal(dry.states['quarantine-pod'], 'dry-run');
  });

  it('asks for the budget of an item that goes, and of none that is refused', async () => {
    const asked: string[] = [];
    const reserve: Reserve = async ({ step }, how) => {
      if (how === 'begins') asked.push(step);
      return undefined;
    };
    const { states } = await walked(
      [
        { step: 'snapshots-ready', does: { outcome: 'failed', because: 'no' } },
        { step: 'delete-pod', after: [key('snapshots-ready')] },
      ],
      { reserve },
    );
    assert.deepEqual([states['delete-pod'], asked], ['refused', ['snapshots-ready']]);
  });

  it('goes on past a budget that cannot be read, and passes any other fault on', async () => {
    let asked = 0;
    const once: Reserve = async () => {
      asked += 1;
      if (asked === 1) throw new Transient('no answer');
      return undefined;
    };
    const { states, result } = await walked([{ step: 'quarantine-pod' }, { step: 'delete-pod' }], { reserve: once });
    assert.deepEqual(states, { 'delete-pod': 'applied' });
    assert.deepEqual([result?.open, result?.faults.map(String)], [true, ['Transient: no answer']]);
    const wrong: Reserve = () => Promise.reject(new TypeError('wrong'));
    const { thrown } = await walked([{ step: 'quarantine-pod' }], { reserve: wrong });
    assert.ok(thrown instanceof TypeError);
  });
});
