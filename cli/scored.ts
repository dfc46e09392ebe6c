import type { Readable } from 'node:stream';
import { evaluate } from '../shared/detection/evaluate.ts';
import { makeRecall } from '../shared/detection/recall.ts';
import { Malformed, sentenceOf } from '../shared/errors.ts';
import type { Finding } from '../shared/model/finding.ts';
import type { Place } from '../shared/model/signal.ts';
import { readPayload } from '../shared/sources/registry.ts';
import { plain } from '../shared/text.ts';
import type { Io } from './io.ts';
import { payloadsOf } from './payloads.ts';

/** What the rules see in one payload, by the line it was on. */
export type Scored = { line: number; findings: Finding[] };

/**
 * What the rules see in stored payloads, one after the other. An unreadable line is told by its number on stderr, and
 * the exit code is 1; the rest is still scored.
 */
export async function* scoredOf(io: Io, input: Readable, place: Place): AsyncGenerator<Scored> {
  const recall = makeRecall();
  for await (const payload of payloadsOf(input)) {
    const { line } = payload;
    try {
      if (!('json' in payload)) throw new Malformed(payload.because);
      const { signal } = readPayload(payload.json, { now: io.now(), place });
      if (signal === undefined) continue;
      const told = signal.kind === 'audit' ? recall(signal) : [];
      yield { line, findings: [...evaluate(signal, io.now()), ...told] };
    } catch (thrown) {
      if (!(thrown instanceof Malformed)) throw thrown;
      io.stderr.write(`line ${line}: ${plain(sentenceOf(thrown), 300)}\n`);
      io.setExit(1);
    }
  }
}
