import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { piecesOf } from '../../cli/pieces.ts';

describe('piecesOf', () => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-pieces-'));
  const path = join(dir, 'file');
  after(() => rmSync(dir, { recursive: true }));

  it('yields the whole file in order, each piece unchanged', async () => {
    for (const size of [0, 1, 256 * 1024, 256 * 1024 + 1, 1_000_000]) {
      const whole = Buffer.from(Array.from({ length: size }, (_, n) => (n * 7 + (n >> 10)) % 251));
      writeFileSync(path, whole);
      const read: Buffer[] = [];
      for await (const piece of piecesOf(path)) read.push(Buffer.from(piece));
      assert.ok(Buffer.concat(read).equals(whole), String(size));
    }
  });

  it('can be stopped after the first piece', async () => {
    writeFileSync(path, Buffer.alloc(1_000_000));
    for await (const piece of piecesOf(path)) {
      assert.equal(piece.length, 256 * 1024);
      break;
    }
  });

  it('fails if there is no file', async () => {
    await assert.rejects(piecesOf(join(dir, 'nothing')).next(), { code: 'ENOENT' });
    await assert.rejects(piecesOf(dir).next(), { code: 'EISDIR' });
  });
});
