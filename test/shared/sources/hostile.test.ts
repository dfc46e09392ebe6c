import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { queryOf } from '../../../shared/sources/log-match.ts';
import { readPayload, SOURCES } from '../../../shared/sources/registry.ts';
import { LOG_MATCH, OTHER_LOG, PAYLOADS } from '../../fixtures/hostile.ts';
import { NOW } from '../../fixtures/signals.ts';
import { mangledOf, score } from '../../kit/mangle.ts';

/** How many mangled payloads of each source are read. FIREBREAK_MANGLED sets another number. */
const RUNS = Number(process.env.FIREBREAK_MANGLED ?? 2000);

/** Sources for which there is no rule. */
const UNREAD = ['other-log'];

/** The result, or undefined if it throws. `score` has checked how it throws. */
const attempt = <T>(what: () => T): T | undefined => {
  try {
    return what();
  } catch {
    return undefined;
  }
};

describe('hostile payloads', () => {
  for (const [source, payloads] of Object.entries(PAYLOADS)) {
    it(`of ${source} fire rules when they are not mangled`, () => {
      for (const payload of payloads) {
        assert.equal(readPayload(payload, { now: NOW }).source, source);
        assert.ok(score(payload) > 0);
      }
    });

    it(`of ${source} give valid findings or are refused with a sentence when mangled`, function () {
      this.timeout(RUNS * 20);
      fc.assert(
        fc.property(mangledOf(payloads), (payload) => void score(payload)),
        { numRuns: RUNS },
      );
    });
  }

  it('of log-match incidents give a query or are refused with a sentence when mangled', () => {
    fc.assert(
      fc.property(mangledOf([LOG_MATCH]), (mangled) => {
        score(mangled);
        const signal = attempt(() => readPayload(mangled, { now: NOW }).signal);
        if (signal?.kind === 'log-match') assert.ok(queryOf(signal).filter.endsWith('\n)'));
      }),
      { numRuns: RUNS },
    );
  });

  it('of another log give nothing or are refused with a sentence when mangled', () => {
    assert.equal(readPayload(OTHER_LOG, { now: NOW }).source, 'other-log');
    fc.assert(
      fc.property(mangledOf([OTHER_LOG]), (payload) => void score(payload)),
      { numRuns: RUNS },
    );
  });

  it('exist for every source that rules read', () => {
    const read = SOURCES.map(({ id }) => id).filter((id) => !UNREAD.includes(id));
    assert.deepEqual(Object.keys(PAYLOADS).sort(), read.sort());
  });

  it('give findings or are refused with a sentence if they are any JSON', () => {
    fc.assert(fc.property(fc.json(), (json) => void score(JSON.parse(json))));
  });
});
