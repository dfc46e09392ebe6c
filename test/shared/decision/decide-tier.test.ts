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

describe('the hash of the plan that an approval is for', () => {
  const one = incidentOn();

  it('differs for another tier, target, subject, order of steps or addition', () => {
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

  it('does not depend on the order of subjects, on progress, or on empty additions', () => {
    const plan = planHashOf('isolate', incidentOn({ subjects: [pod(), pod({ uid: 'pod-2' })] }));
    assert.equal(planHashOf('isolate', incidentOn({ subjects: [pod({ uid: 'pod-2' }), pod()] })), plan);
    assert.equal(planHashOf('isolate', { ...one, run: { rev: 3 }, state: 'contained' }), planHashOf('isolate', one));
    assert.equal(planHashOf('isolate', one, { options: {} }), planHashOf('isolate', one));
    assert.equal(planHashOf('isolate', { ...one, goal: goal(false) }), planHashOf('isolate', one));
  });

  it('includes stopFirst if the running goal has it', () => {
    const plan = planHashOf('isolate', one, { stopFirst: true });
    assert.equal(planHashOf('isolate', { ...one, goal: goal(true) }), plan);
  });
});

describe('the tier that runs by itself', () => {
  const maximum = (over: object = {}): Incident['summary']['maxima'][number] => ({
    ...{ rule: 'exec-miner', severity: 'high', confidence: 0.95, family: 'exec', conclusive: true, finding: 'f-1' },
    ...over,
  });
  const seen = (over: Partial<Incident> = {}, ...maxima: Incident['summary']['maxima']) => {
    const incident = incidentOn(over);
    return decideTier(RULES, { ...incident, summary: { ...incident.summary, maxima } }, NOW);
  };

  it('is none until the end of a cooldown, and the usual one afterwards', () => {
    const at = (ms: number) => seen({ cooldownUntil: timeOf(NOW + ms) }, maximum());
    const { verdict, tier, asked } = at(1);
    assert.deepEqual([verdict, tier, asked?.tier], ['ask', 'observe', 'quarantine']);
    for (const over of [at(0), at(-1), seen({}, maximum())])
      assert.deepEqual([over.verdict, over.tier, over.asked], ['act', 'quarantine', undefined]);
  });

  it('follows live evidence, while replayed evidence leads to an ask at most', () => {
    const replayed = maximum({ rule: 'cpu', severity: 'critical', replayed: true });
    const { tier, asked } = seen({}, maximum({ confidence: 0.6 }), replayed);
    assert.deepEqual([tier, asked?.tier], ['snapshot', 'delete-workload']);
    const alone = seen({}, replayed);
    assert.deepEqual([alone.verdict, alone.tier], ['ask', 'observe']);
  });

  it('is asked for, in a cooldown, until the ask lapses', () => {
    const { asked } = seen({ cooldownUntil: timeOf(NOW + 1) }, maximum());
    assert.equal(asked?.until, timeOf(NOW + 60 * 60_000));
  });
});
