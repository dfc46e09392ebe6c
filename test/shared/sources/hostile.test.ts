import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { queryOf } from '../../../shared/sources/log-match.ts';
import { readPayload, SOURCES } from '../../../shared/sources/registry.ts';
import { LOG_MATCH, OTHER_LOG, PAYLOADS } from '../../fixtures/hostile.ts';
import { NOW } from '../../fixtures/signals.ts';
import { mangledOf, score } from '../../kit/mangle.ts';

/** How many mangled payloads of each source are read; FIREBREAK_MANGLED asks for more. */
const RUNS = Number(process.env.FIREBREAK_MANGLED ?? 2000);

/** Sources that no rule fires on. */
const UNREAD = ['other-log'];

/** What something gives, undefined where it refuses: `score` has looked at how. */
const attempt = <T>(what: () => T): T | undefined => {
  try {
    return what();
  } catch {
    return undefined;
  }
};

describe('hostile payloads', () => {
  for (const [source, payloads] of Object.entries(PAYLOADS)) {
    it(`of ${source} fire rules as long as nobody touches them`, () => {
      for (const payload of payloads) {
        assert.equal(readPayload(payload, { now: NOW }).source, source);
        assert.ok(score(payload) > 0);
      }
    });

    it(`of ${source} give findings by the schema or a sentence, mangled as they may be`, function () {
      this.timeout(RUNS * 20);
      fc.assert(
        fc.property(mangledOf(payloads), (payload) => void score(payload)),
        { numRuns: RUNS },
      );
    });
  }

  it('of log-match incidents give a query or a sentence, mangled as they may be', () => {
    fc.assert(
      fc.property(mangledOf([LOG_MATCH]), (mangled) => {
        score(mangled);
        const signal = attempt(() => readPayload(mangled, { now: NOW }).signal);
        if (signal?.kind === 'log-match') assert.ok(queryOf(signal).filter.endsWith('\n)'));
      }),
      { numRuns: RUNS },
    );
  });

  it('of another log give nothing or a sentence, mangled as they may be', () => {
    assert.equal(readPayload(OTHER_LOG, { now: NOW }).source, 'other-log');
    fc.assert(
      fc.property(mangledOf([OTHER_LOG]), (payload) => void score(payload)),
      { numRuns: RUNS },
    );
  });

  it('are made of every source that rules read', () => {
    const read = SOURCES.map(({ id }) => id).filter((id) => !UNREAD.includes(id));
    assert.deepEqual(Object.keys(PAYLOADS).sort(), read.sort());
  });

  it('give findings or a sentence where they are any JSON at all', () => {
    fc.assert(fc.property(fc.json(), (json) => void score(JSON.parse(json))));
  });
});
