import { strict as assert } from 'node:assert';
import type { Goal } from '../../../shared/model/decision.ts';
import type { RequestRecord } from '../../../shared/model/request.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { beginningOf, timelineOf } from '../../../shared/views/timeline.ts';
import { contained, entry, finding, isolating, releasedByHand, T0 } from './fixtures.ts';

describe('timelineOf', () => {
  it('lists events in their order, and what has not begun last', () => {
    const items = timelineOf(isolating());
    assert.deepEqual(
      items.map(({ happening, title }) => `${happening} ${title}`),
      [
        'seen exec-reverse-shell',
        'seen cpu-mining',
        'decided act: isolate',
        'applied cordon-node',
        'failed leave-group',
        'pending drain-node',
        'waiting deny-node-network',
      ],
    );
    assert.equal(items.at(-1)?.at, undefined);
  });

  it('keeps cause before effect within one millisecond', () => {
    const at = timeOf(T0);
    const { decision, goal } = contained();
    const same = contained({
      findings: [finding({ at })],
      decision: decision === null ? null : { ...decision, at },
      goal: goal === null ? null : { ...goal, at, requested: true },
      journal: [entry('quarantine-pod', 0)],
      held: { because: 'the budget is used up', at },
    });
    assert.deepEqual(
      timelineOf(same).map(({ happening }) => happening),
      ['seen', 'requested', 'decided', 'applied', 'held'],
    );
  });

  it('lists the worst finding first where several have the same time', () => {
    const at = timeOf(T0);
    const mild = finding({ at, rule: 'exec-into-pod', severity: 'medium', confidence: 0.9 });
    const worst = finding({ at, rule: 'exec-miner', severity: 'critical', confidence: 0.6 });
    const titles = timelineOf(contained({ findings: [mild, worst] })).map(({ title }) => title);
    assert.deepEqual(titles.slice(0, 2), ['exec-miner', 'exec-into-pod']);
  });

  it('says once what findings of one event share, and leaves to each what it is', () => {
    const at = timeOf(T0);
    const from = 'called from "203.0.113.7"';
    const because = (first: string): string[] => [first, 'the command is "xmrig"', from];
    const findings = [
      finding({ at, rule: 'exec-miner', severity: 'critical', because: because('a miner') }),
      finding({ at, rule: 'exec-download', because: because('a download') }),
      finding({ at, rule: 'exec-into-pod', severity: 'medium', because: ['a download', from] }),
      finding({ at: timeOf(T0 + 5), rule: 'exec-shell', because: ['later', from] }),
    ];
    assert.deepEqual(
      timelineOf(contained({ findings })).flatMap((item) => (item.happening === 'seen' ? [item.because] : [])),
      [because('a miner'), ['a download'], ['a download'], ['later', from]],
    );
  });

  it('counts offsets from the first finding, negative for older ones', () => {
    const [first] = timelineOf(contained({ findings: [finding({ at: timeOf(T0 - 2500) })] }));
    assert.equal(first?.offsetMs, -2500);
    assert.equal(beginningOf(contained()), timeOf(T0));
    assert.equal(beginningOf(releasedByHand()), releasedByHand().openedAt);
  });

  it('names the operator who set the goal, and nobody for a goal of the policy', () => {
    const asked = (incident: Parameters<typeof timelineOf>[0]) =>
      timelineOf(incident).filter(({ happening }) => happening === 'requested');
    assert.deepEqual(asked(contained()), []);
    const [item] = asked(releasedByHand());
    assert.deepEqual([item?.title, item?.facts], ['release', ['by ana@example.com']]);
  });

  it('lists every request with its answer where they were read, whoever set the goal', () => {
    const record = (id: string, after: number, over: Partial<RequestRecord> = {}): RequestRecord => ({
      v: 1,
      rev: 1,
      writer: 'w',
      id,
      request: { action: 'contain', tier: 'isolate', reason: 'seen\u001b[2J', requestedBy: 'bo@example.com' },
      publishedAt: timeOf(T0 + after),
      firstSeenAt: timeOf(T0 + after),
      state: 'accepted',
      outcome: 'isolate starts',
      ...over,
    });
    const requests = [
      record('r-2', 9000, { request: null, state: 'refused', outcome: 'field "action": it is missing' }),
      record('r-1', 8000, { operator: 'ana@example.com' }),
      record('r-3', 9500),
    ];
    const items = timelineOf(releasedByHand(), requests).filter(({ happening }) => happening === 'requested');
    assert.deepEqual(
      items.map(({ title, facts, because }) => [title, ...facts, ...because]),
      [
        ['contain isolate', 'by ana@example.com', 'seen [2J', 'isolate starts'],
        ['unreadable', 'by nobody named', 'refused', 'field "action": it is missing'],
        ['contain isolate', 'by bo@example.com (claimed)', 'seen [2J', 'isolate starts'],
      ],
    );
  });

  it('calls a goal by what was asked for: a release, a close or a tier, and whether it stops first', () => {
    const asked = (over: Partial<Goal>) => {
      const goal: Goal = { rev: 2, tier: 'isolate', by: 'ana', mode: 'act', at: timeOf(T0), requested: true, ...over };
      const [item] = timelineOf(contained({ findings: [], decision: null, journal: [], goal }));
      return [item?.title, item?.facts];
    };
    assert.deepEqual(asked({}), ['isolate', ['by ana']]);
    assert.deepEqual(asked({ tier: 'delete-workload', stopFirst: true }), [
      'delete-workload',
      ['by ana', 'stop first'],
    ]);
    assert.deepEqual(asked({ tier: 'released' }), ['release', ['by ana']]);
    assert.deepEqual(asked({ tier: 'closed' }), ['close', ['by ana']]);
  });

  it('says why the run is held where no step that is held says the same', () => {
    const held = { because: 'the budget is used up', at: timeOf(T0) };
    const journal = [
      entry('start-snapshots', 0, { because: held.because }),
      entry('cordon-node', 0, { state: 'held', because: 'halted by ana' }),
    ];
    const items = timelineOf(contained({ findings: [], decision: null, held, journal }));
    assert.deepEqual(
      items.filter(({ title }) => title === 'the run').map(({ happening, because }) => [happening, because]),
      [['held', ['the budget is used up']]],
    );
  });

  it('tells when a step ended, and of one that is under way that it has not', () => {
    const endOf = (over: Parameters<typeof entry>[2]) =>
      timelineOf(contained({ findings: [], decision: null, journal: [entry('drain-node', 0, over)] }))[0]?.endedAt;
    assert.equal(endOf({ took: 1500 }), timeOf(T0 + 1500));
    assert.equal(endOf({ state: 'applying' }), undefined);
  });

  it('says once why the rest is held, where a step that is held says it', () => {
    const because = 'the budget is used up';
    const held = { because, at: timeOf(T0) };
    const journal = [entry('cordon-node', 0, { state: 'held', because })];
    const titles = timelineOf(contained({ findings: [], decision: null, held, journal })).map(({ title }) => title);
    assert.deepEqual(titles, ['cordon-node']);
  });

  it('gives a long reason with the first of the steps that share it, and a short one with each', () => {
    const long = 'the budget of this cluster is 1 node within 60 minutes, and this would make it 2';
    const steps = (['keep-disks', 'cordon-node', 'leave-group'] as const).map((step, at) =>
      entry(step, at, { state: 'held', because: long }),
    );
    const refused = entry('drain-node', 5, { state: 'refused', because: long });
    const short = (['deny-pod-network', 'quarantine-pod'] as const).map((step, at) =>
      entry(step, 10 + at, { state: 'skipped', because: 'already so' }),
    );
    const elsewhere = entry('keep-disks', 3, { state: 'held', because: long, subject: 'other-node' });
    const joined = (['leave-group', 'restore-group-size'] as const).map((step, at) =>
      entry(step, 20 + at, { state: 'applied', because: long }),
    );
    const journal = [...steps, elsewhere, refused, ...short, ...joined];
    assert.deepEqual(
      timelineOf(contained({ findings: [], decision: null, journal })).flatMap(({ because }) => because),
      [
        long,
        'for the same reason as keep-disks',
        'for the same reason as keep-disks',
        `for the same reason as on ${steps[0]?.subject}`,
        long,
        'already so',
        'already so',
        long,
        'the same as leave-group',
      ],
    );
  });

  it('gives a step its duration, its deadline, or when it was undone', () => {
    const timing = (over: Parameters<typeof entry>[2]) =>
      timelineOf(contained({ findings: [], decision: null, journal: [entry('drain-node', 0, over)] }))[0]?.timing;
    assert.equal(timing({ took: 1500 }), '1.5 s');
    assert.equal(timing({ state: 'pending', deadline: timeOf(T0 + 120_000) }), 'until 03:14:04');
    assert.equal(timing({ state: 'undone', took: 60_000 }), 'at 03:13:04');
    assert.equal(timing({ state: 'applying' }), undefined);
  });
});
