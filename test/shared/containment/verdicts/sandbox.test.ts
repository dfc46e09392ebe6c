import { strict as assert } from 'node:assert';
import { runtimeClassAt, runtimeClassPatch, sandboxPlace } from '../../../../shared/containment/verdicts/sandbox.ts';

describe('containment/verdicts/sandbox', () => {
  it('knows where the pod spec of each kind is, and no place for a kind whose template cannot be changed', () => {
    assert.deepEqual(sandboxPlace('Deployment'), ['template', 'spec']);
    assert.deepEqual(sandboxPlace('CronJob'), ['jobTemplate', 'spec', 'template', 'spec']);
    for (const kind of ['Job', 'Pod', 'Rollout', 'constructor']) assert.equal(sandboxPlace(kind), undefined);
  });

  it('reads back the runtime class that it patches', () => {
    for (const kind of ['StatefulSet', 'CronJob']) {
      const place = sandboxPlace(kind) ?? [];
      assert.equal(runtimeClassAt(runtimeClassPatch(place, 'gvisor'), place), 'gvisor');
      assert.equal(runtimeClassAt(runtimeClassPatch(place, null), place), null);
      assert.equal(runtimeClassAt({}, place), null);
    }
  });
});
