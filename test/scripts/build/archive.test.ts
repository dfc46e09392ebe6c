import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { archive } from '../../../scripts/build/archive.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const FILES: ReadonlyArray<[string, Uint8Array]> = [
  ['index.js', bytes('export {};\n')],
  ['chunks/a.js', bytes('a'.repeat(5000))],
];

describe('archive', () => {
  it('holds the files unchanged', () => {
    const read = unzipSync(archive(new Map(FILES)));
    assert.deepEqual(Object.keys(read), ['chunks/a.js', 'index.js']);
    for (const [name, contents] of FILES) assert.deepEqual(Buffer.from(read[name] ?? []), Buffer.from(contents));
  });

  it('is the same whatever the order of the files and the time zone', () => {
    const hash = (of: Uint8Array): string => createHash('sha256').update(of).digest('hex');
    const here = hash(archive(new Map(FILES)));
    assert.equal(hash(archive(new Map(FILES.toReversed()))), here);
    const source = new URL('../../../scripts/build/archive.ts', import.meta.url).href;
    const script = `
      import { createHash } from 'node:crypto';
      const { archive } = await import(${JSON.stringify(source)});
      const text = (t) => new TextEncoder().encode(t);
      const files = new Map([['index.js', text('export {};\\n')], ['chunks/a.js', text('a'.repeat(5000))]]);
      console.log(createHash('sha256').update(archive(files)).digest('hex'));`;
    for (const TZ of ['Asia/Tokyo', 'America/Lima', 'UTC']) {
      const there = execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: { TZ } });
      assert.equal(there.toString().trim(), here, TZ);
    }
  });

  it('differs if a byte differs', () => {
    const [first, ...rest] = FILES;
    assert.ok(first !== undefined);
    const other = archive(new Map([[first[0], bytes('export {};;')], ...rest]));
    assert.notDeepEqual(Buffer.from(other), Buffer.from(archive(new Map(FILES))));
  });
});
