import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { shellLine, shellWord } from '../../shared/shell.ts';

/** The words into which a shell splits a line. */
const wordsOf = (line: string): string[] =>
  execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

const HOSTILE = [
  "it's",
  '$(id)',
  '`id`',
  '"; rm -rf /; "',
  "'; id; '",
  '$HOME $' + '{IFS} $((1+1))',
  'a\nb',
  '\\',
  '!!',
  '*',
  '~root',
  '#c',
  '|&<>()',
  'ü😀\u202e',
  '-n',
  '',
  ' ',
];

describe('shellLine', () => {
  it('quotes any words so that a shell reads them unchanged, however the line is folded', () => {
    const word = fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\0', '')),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        assert.deepEqual(wordsOf(shellLine(...words)), words);
      }),
      { numRuns: 50 },
    );
  });

  it('does not quote a word that needs no quotes', () => {
    const line = shellLine('kubectl', 'label', 'pod', 'cart-7d9f', '--namespace=shop', 'app-', 'quarantine=true');
    assert.equal(line, 'kubectl label pod cart-7d9f --namespace=shop app- quarantine=true');
    assert.equal(shellWord('External NAT'), "'External NAT'");
    assert.equal(shellWord("it's"), "'it'\\''s'");
  });

  it('folds a long line between words', () => {
    const lines = shellLine('gcloud', 'compute', ...Array.from({ length: 12 }, (_, n) => `--flag-${n}=value`)).split(
      '\n',
    );
    assert.ok(lines.length > 1 && lines.slice(0, -1).every((line) => line.endsWith(' \\')), lines.join('\n'));
    assert.ok(lines.every((line) => line.length <= 96));
  });
});
