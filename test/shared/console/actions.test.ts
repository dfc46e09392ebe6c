import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { actionsPart } from '../../../shared/console/actions.ts';
import type { Ask } from '../../../shared/model/decision.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { markupOf } from '../../../shared/views/html/escape.ts';
import { containmentKit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';

/** What an operator is offered on an incident: the markup, and its steps and texts without tags. */
const offered = async (ask: Partial<Ask> | undefined, given: Partial<Incident> = {}, stranger?: string) => {
  const kit = containmentKit();
  const incident = await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
  const now = kit.clock.now();
  const asked: Ask = { tier: 'isolate', plan: 'p-1', until: timeOf(now + 60_000), ...ask };
  const decision: Incident['decision'] = {
    ...{ verdict: 'ask', tier: 'quarantine', because: [], policyHash: 'h', at: timeOf(now) },
    ...(ask === undefined ? {} : { asked }),
  };
  const around = {
    ...{ project: 'p1', operator: { email: 'ana@example.com', by: 'by ID token' }, stranger, now },
    ...{ halt: undefined, formToken: 't', newId: () => 'n', answer: undefined, signature: 's', version: 'v' },
  };
  const page = markupOf(actionsPart({ ...incident, decision, state: 'asking', ...given }, around));
  const text = page.replaceAll(/<[^>]*>/g, '');
  return { page, text, steps: /Its steps: (.*)\./.exec(text)?.[1]?.split(', ') ?? [] };
};

describe('what an operator may ask for in the console', () => {
  it('names the steps of what is asked, the optional ones only where they are asked too', async () => {
    const { steps } = await offered({});
    for (const step of ['start-snapshots', 'capture-evidence', 'drain-node', 'deny-node-network'])
      assert.ok(steps.includes(step), step);
    assert.equal(new Set(steps).size, steps.length, 'each once');
    for (const step of ['open-investigation-access', 'attach-forensics'])
      assert.equal(steps.includes(step), false, step);
    const more = await offered({ options: { investigate: true } });
    assert.deepEqual(
      more.steps.filter((step) => !steps.includes(step)),
      ['open-investigation-access'],
    );
  });

  it('leaves out what keeps evidence where the deletion is not to wait for it, and only there', async () => {
    const whole = await offered({ tier: 'delete-workload' });
    const first = await offered({ tier: 'delete-workload', stopFirst: true });
    assert.ok(whole.steps.includes('snapshots-ready') && whole.steps.includes('delete-workload'));
    assert.equal(first.steps.includes('snapshots-ready'), false);
    assert.ok(first.steps.includes('delete-workload'));
    assert.match(first.text, /Approve delete-workload/);
  });

  it('says who asks and what an approval lifts, where that is so', async () => {
    const plain = await offered({});
    assert.doesNotMatch(plain.text, /asks for it|lifts the budgets/);
    const { text } = await offered({ by: 'bo@example.com', lifts: true });
    assert.match(text, /bo@example.com asks for it: another operator must approve it\.\n/);
    assert.match(text, /Held back: a budget is used up\. An approval lifts the budgets for this incident\./);
  });

  it('says what holds the incident back, and what an approval carries out', async () => {
    const at = '2026-03-02T03:00:00.000Z';
    const held = { because: 'this would make it 2 nodes', at, budget: true } as const;
    const entry: Entry = {
      ...{ step: 'cordon-node', subject: 'n-1', uid: '1', state: 'held', proof: null, rev: 1, startedAt: at },
    };
    const { text } = await offered({ lifts: true, tier: 'quarantine' }, { held, journal: [entry] });
    assert.match(text, /Held back: this would make it 2 nodes\. An approval lifts the budgets/);
    assert.match(text, /An approval carries out what is held: cordon-node on n-1\./);
    assert.doesNotMatch(text, /Its steps/, 'they are named already');
  });

  it('offers an answer only while something is asked, and says with each version what is', async () => {
    const none = await offered(undefined);
    assert.doesNotMatch(none.page, /value="approve"|value="reject"/);
    assert.match(none.page, /data-version="none.open"/);
    const { page } = await offered({});
    assert.match(page, /data-version="p-1.open"/);
    assert.match(page, /name="plan" value="p-1".*value="approve".*value="reject"/s);
  });

  it('says what a release takes back and what a close leaves', async () => {
    const entry: Entry = {
      ...{ step: 'cordon-node', subject: 'n', uid: '1', state: 'applied', proof: 'proven', rev: 1 },
      startedAt: '2026-03-02T03:00:00.000Z',
    };
    // What keeps evidence stays after a release, and what was deleted does not come back.
    const unmoved: Entry[] = [
      { ...entry, state: 'skipped' },
      { ...entry, step: 'start-snapshots' },
      { ...entry, step: 'delete-host' },
    ];
    const none = await offered(undefined, { journal: unmoved });
    assert.match(
      none.text,
      /Release, for a false alarm: nothing can be taken back, and nothing more is done; what does/,
    );
    assert.match(none.text, /Close, for what is dealt with: nothing more is done\./);
    const two = await offered(undefined, { journal: [entry, { ...entry, step: 'keep-disks' }] });
    assert.match(two.text, /takes back 2 changes, the last one first\.Close/);
    assert.match(two.text, /what is in force stays, and this incident cannot be released afterwards/);
    assert.match(two.page, /value="release".*value="close"/s);
    // What was saved is not in anybody's way, and what has left does not come back.
    const saved: Entry = { ...entry, step: 'capture-evidence' };
    const gone: Entry = { ...entry, step: 'leave-group' };
    const some = await offered(undefined, { journal: [saved, entry, gone] });
    assert.match(some.text, /takes back 1 change, the last one first; what does not come back: leave-group\.Close/);
    const last = await offered(undefined, { journal: [saved, gone] });
    assert.match(
      last.text,
      /nothing can be taken back, and nothing more is done; what does not come back: leave-group/,
    );
  });

  it('offers nothing to those who may only look, and no end of what is over', async () => {
    const stranger = await offered({}, {}, 'not an operator');
    assert.doesNotMatch(stranger.page, /<button|<form/);
    assert.match(stranger.text, /Its steps: /, 'they see what is asked');
    for (const state of ['released', 'closed'] as const) {
      const at = '2026-03-02T03:00:00.000Z';
      const goal = { ...{ rev: 2, tier: state, by: 'ana@example.com', mode: 'act' as const }, at, requested: true };
      const over = await offered(undefined, { state, goal, run: { rev: 2 } });
      assert.doesNotMatch(over.page, /<button/, state);
      assert.match(over.page, /data-version="none.over"/);
    }
  });
});
