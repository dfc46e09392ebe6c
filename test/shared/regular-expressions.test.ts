import { strict as assert } from 'node:assert';
import { hostileTexts, worstRatio, writtenIn } from '../kit/regular-expressions.ts';

/** Long enough that quadratic growth stands out from bounded repetition such as {1,100}. */
const LENGTH = 16_384;
const MOST = 2_500;

/** Expressions that are quadratic in their text, and why this text is short. */
const SHORT: Readonly<Record<string, string>> = {
  'shared/detection/threat-claims.ts \\s*\\((?:preview|ga)\\)\\s*$': 'a name cut to 200 characters',
  'shared/containment/quarantine-rules.ts -+$': 'a name cut to 25 characters',
  'shared/containment/steps/restore-group-size.ts -+$': 'a name cut to 50 characters',
  'shared/sources/log-match.ts "(?:[^"\\\\]|\\\\[\\s\\S])*"|--[^\\n]*|[\\s\\S]':
    'ends at the first quote that is not closed',
  'shared/detection/rules-file.ts "(?:[^"\\\\]|\\\\.)*"': "a file of the operator's own",
  'shared/notify-settings.ts \\/+$': "a setting of the operator's own",
  'shared/adapters/spans-otlp.ts \\/+$': "a setting of the operator's own",
};

describe('regular expressions', function () {
  this.timeout(300_000);

  it('do not grow with the square of a hostile text, except the listed ones', () => {
    const written = writtenIn('shared/**/*.ts').map(({ file, regex }) => ({ regex, name: `${file} ${regex.source}` }));
    assert.ok(written.length > 200);
    const slow = written.flatMap(({ regex, name }) => {
      if (name in SHORT) return [];
      const { ratio, text } = worstRatio(regex, LENGTH);
      return ratio > MOST ? [`${name}: ${Math.round(ratio)} passes over ${JSON.stringify(text)} and so on`] : [];
    });
    assert.deepEqual(slow, []);
    const known = new Set(written.map(({ name }) => name));
    assert.deepEqual(
      Object.keys(SHORT).filter((name) => !known.has(name)),
      [],
    );
  });

  it('are detected if they are quadratic or worse', () => {
    assert.ok(worstRatio(/a+$/, LENGTH).ratio > MOST);
    assert.ok(worstRatio(/^[\s\S]*?(\w+)-\w+!/, LENGTH).ratio > MOST);
    assert.ok(worstRatio(/a{1,60}b/, LENGTH).ratio < MOST);
    assert.ok(hostileTexts(/miner --url/, 100).every((text) => text.length === 101));
  });
});
