import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { decideTier, planHashOf } from '../../../shared/decision/decide-tier.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { incidentOn, NOW, pod, RULES } from './fixtures.ts';

const goal = (stopFirst: boolean): Incident['goal'] => ({
  ...{ rev: 1, tier: 'quarantine', by: 'policy', mode: 'act', at: timeOf(NOW), requested: false },
  ...(stopFirst ? { stopFirst } : {}),
});

describe('the plan that an approval is given to', () => {
  const one = incidentOn();

  it('is another one for another tier, target, subject, order or addition', () => {
    const { target } = one;
    const plans = [
      planHashOf('isolate', one),
      planHashOf('delete-workload', one),
      planHashOf('isolate', incidentOn({ target: { ...target, uid: 'pod-1' } })),
      planHashOf('isolate', incidentOn({ target: { ...target, uid: 'pod-2' } })),
      planHashOf('isolate', incidentOn({ subjects: [pod(), pod({ uid: 'pod-2' })] })),
      planHashOf('isolate', incidentOn({ subjects: [pod({ hostReach: true })] })),
      planHashOf('isolate', one, { stopFirst: true }),
      planHashOf('isolate', one, { options: { forensics: true } }),
      planHashOf('isolate', one, { lifts: true }),
    ];
    assert.equal(new Set(plans).size, plans.length);
  });

  it('is the same one however its subjects are ordered, whatever has come of it, and where nothing is added', () => {
    const plan = planHashOf('isolate', incidentOn({ subjects: [pod(), pod({ uid: 'pod-2' })] }));
    assert.equal(planHashOf('isolate', incidentOn({ subjects: [pod({ uid: 'pod-2' }), pod()] })), plan);
    assert.equal(planHashOf('isolate', { ...one, run: { rev: 3 }, state: 'contained' }), planHashOf('isolate', one));
    assert.equal(planHashOf('isolate', one, { options: {} }), planHashOf('isolate', one));
    assert.equal(planHashOf('isolate', { ...one, goal: goal(false) }), planHashOf('isolate', one));
  });

  it('stops first where what runs already does', () => {
    const plan = planHashOf('isolate', one, { stopFirst: true });
    assert.equal(planHashOf('isolate', { ...one, goal: goal(true) }), plan);
  });
});

describe('what runs by itself', () => {
  const maximum = (over: object = {}): Incident['summary']['maxima'][number] => ({
    ...{ rule: 'exec-miner', severity: 'high', confidence: 0.95, family: 'exec', conclusive: true, finding: 'f-1' },
    ...over,
  });
  const seen = (over: Partial<Incident> = {}, ...maxima: Incident['summary']['maxima']) => {
    const incident = incidentOn(over);
    return decideTier(RULES, { ...incident, summary: { ...incident.summary, maxima } }, NOW);
  };

  it('is nothing in a cooldown, to its last moment, and all that it was after it', () => {
    const at = (ms: number) => seen({ cooldownUntil: timeOf(NOW + ms) }, maximum());
    const { verdict, tier, asked } = at(1);
    assert.deepEqual([verdict, tier, asked?.tier], ['ask', 'observe', 'quarantine']);
    for (const over of [at(0), at(-1), seen({}, maximum())])
      assert.deepEqual([over.verdict, over.tier, over.asked], ['act', 'quarantine', undefined]);
  });

  it('is what is seen live, and for what was replayed at most an ask', () => {
    const replayed = maximum({ rule: 'cpu', severity: 'critical', replayed: true });
    const { tier, asked } = seen({}, maximum({ confidence: 0.6 }), replayed);
    assert.deepEqual([tier, asked?.tier], ['snapshot', 'delete-workload']);
    const alone = seen({}, replayed);
    assert.deepEqual([alone.verdict, alone.tier], ['ask', 'observe']);
  });

  it('is asked for no longer than an ask holds', () => {
    const { asked } = seen({ cooldownUntil: timeOf(NOW + 1) }, maximum());
    assert.equal(asked?.until, timeOf(NOW + 60 * 60_000));
  });
});
