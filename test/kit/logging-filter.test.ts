import { strict as assert } from 'node:assert';
import { isExported, parseFilter } from './logging-filter.ts';

describe('the query language of Cloud Logging, as the tests read it', () => {
  const entry = {
    logName: 'projects/p1/logs/cloudaudit.googleapis.com%2Factivity',
    protoPayload: { methodName: 'io.k8s.core.v1.pods.create', status: { code: 7 }, empty: '' },
  };
  const cases: Array<[string, boolean]> = [
    ['protoPayload.methodName="IO.K8S.core.v1.pods.create"', true],
    ['protoPayload.methodName=~"[.]pods[.]create$"', true],
    ['protoPayload.methodName=~"[.]PODS[.]"', false],
    ['protoPayload.methodName=~"(?i)[.]PODS[.]"', true],
    ['protoPayload.methodName:"PODS"', true],
    ['protoPayload.status.code=7', true],
    ['protoPayload.status.code=("5" OR "7")', true],
    ['protoPayload.status.code>7', false],
    ['protoPayload.status.code>0', true],
    ['protoPayload.status:*', true],
    ['protoPayload.nothing:*', false],
    // A missing field fulfils no comparison, and NOT inverts that.
    ['protoPayload.nothing!="x"', false],
    ['NOT protoPayload.nothing="x"', true],
    ['log_id("cloudaudit.googleapis.com/activity")', true],
    ['log_id("cloudaudit.googleapis.com/data_access")', false],
    // OR binds tighter than AND: false AND (true OR true), not (false AND true) OR true.
    ['protoPayload.nothing:* AND protoPayload.status:* OR protoPayload.status:*', false],
    ['NOT protoPayload.nothing:* OR protoPayload.nothing:*', true],
    ['protoPayload.status:* -- said in words\nprotoPayload.nothing:*', false],
    ['(protoPayload.status:*)\nNOT (protoPayload.nothing:*)', true],
  ];
  for (const [filter, expected] of cases)
    it(`${expected ? 'lets' : 'does not let'} an entry through ${JSON.stringify(filter)}`, () =>
      assert.equal(isExported(filter, entry), expected));

  for (const filter of ['a', 'a=~"(?=x)"', 'a=~"\\d"', '(a="x"', 'a="x")', 'a ~ "x"', 'a=~"(?<!x)"', 'a!~"x"'])
    it(`does not pretend to understand ${filter}`, () => assert.throws(() => parseFilter(filter)));
});
