import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { groupsOf } from '../../../shared/containment/groups.ts';
import { captureEvidence } from '../../../shared/containment/steps/capture-evidence.ts';
import type { PlanItem } from '../../../shared/model/entry.ts';

const item = (pod: string, part: 'objects' | 'logs'): PlanItem => ({
  step: 'capture-evidence',
  subject: `shop/${pod}#${part}`,
  uid: pod,
  after: [],
});
const grouped = (...plan: PlanItem[]): string[][] =>
  groupsOf({ stepOf: () => captureEvidence }, plan).map((group) => group.map(({ subject }) => subject));

describe('containment/groups', () => {
  it('never has two parts of one pod in a group: the second may use what the first has found', () => {
    assert.deepEqual(grouped(item('a', 'objects'), item('b', 'objects')), [['shop/a#objects', 'shop/b#objects']]);
    assert.deepEqual(grouped(item('a', 'objects'), item('a', 'logs')), [['shop/a#objects'], ['shop/a#logs']]);
  });
});
