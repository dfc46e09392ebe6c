import { open } from 'node:fs/promises';

/** In bytes. Two such buffers are held. */
const READ_AT_ONCE = 256 * 1024;

/**
 * The bytes of a file in pieces; the next piece is read while the caller handles one. A piece is valid only until the
 * next one is requested. A stream would allocate new memory for each piece, which costs as much as the reading.
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
    // Not awaited: a read ahead on a pipe may never complete.
    const close = () => file.close();
    reading.then(close, close).catch(() => {});
  }
}
