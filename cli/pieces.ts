import { open } from 'node:fs/promises';

/** In bytes: as much is held twice. */
const READ_AT_ONCE = 256 * 1024;

/**
 * The bytes of a file, piece by piece; the next piece is read while one is looked at. A piece is good until the next one is
 * asked for: a stream takes new memory for each, which costs as much as the reading.
 */
export async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  let [piece, other] = [Buffer.allocUnsafeSlow(READ_AT_ONCE), Buffer.allocUnsafeSlow(READ_AT_ONCE)];
  let reading = file.read(piece);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      reading = file.read(other);
      yield piece.subarray(0, bytesRead);
      [piece, other] = [other, piece];
    }
  } finally {
    // Not waited for: what is read ahead of a pipe may never come.
    const close = () => file.close();
    reading.then(close, close).catch(() => {});
  }
}
