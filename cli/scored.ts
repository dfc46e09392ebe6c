import { resolve } from 'node:path';
import type { Detector } from '../shared/detection/detector.ts';
import { makeRecall } from '../shared/detection/recall.ts';
import { Malformed, sentenceOf } from '../shared/errors.ts';
import type { Finding } from '../shared/model/finding.ts';
import type { Place } from '../shared/model/signal.ts';
import { readPayload } from '../shared/sources/registry.ts';
import { counted, plain } from '../shared/text.ts';
import type { Io } from './io.ts';
import { type Payload, payloadsOf } from './payloads.ts';
import { piecesOf } from './pieces.ts';
import { makeProgress, type Progress } from './progress.ts';
import { unreadable } from './unreadable.ts';

/** The findings in one payload, with the payload's line. */
type Scored = { line: number; findings: Finding[] };

type ScoringOptions = {
  /** Path of the file; `-` or undefined: standard input. */
  file: string | undefined;
  /** The place to assume for a payload that does not name one. */
  place: Place;
  detector: Detector;
  /** Whether to show progress on a terminal. */
  progress: boolean;
};

/** The number of lines between two updates of the progress. */
const TOLD_EVERY = 500;

/**
 * Scores payloads one after the other. Counts payloads that no rule was asked about, and findings that somebody vouches
 * for.
 */
const makeScorer = (io: Io, { place, detector }: Pick<ScoringOptions, 'place' | 'detector'>) => {
  const unseen = new Map<string, number>();
  const count = (what: string): void => void unseen.set(what, (unseen.get(what) ?? 0) + 1);
  const recall = makeRecall();
  return {
    unseen,
    /** Throws Malformed for a payload that cannot be read. */
    score: (payload: Payload): Finding[] => {
      if ('isHeartbeat' in payload) return [];
      if ('because' in payload) throw new Malformed(payload.because);
      const now = io.now();
      const reading = readPayload(payload.json, { now, place });
      const { signal } = reading;
      if (signal === undefined) {
        count(reading.because);
        return [];
      }
      if (signal.kind === 'log-match') {
        count('a log-match incident does not hold its log entry');
        return [];
      }
      const seen = detector.see(signal, now);
      const recalled = signal.kind === 'audit' ? recall(signal) : [];
      if (recalled.length === 0 && seen.allowed.length === 0) return seen.findings;
      const remembered = detector.settle(recalled, now);
      for (const { because } of [...seen.allowed, ...remembered.allowed]) count(`allowed: ${plain(because, 300)}`);
      return [...seen.findings, ...remembered.findings];
    },
  };
};

/**
 * The findings of the rules in stored payloads, in their order and in groups as they are read. An unreadable line is
 * reported with its number on stderr and makes the exit code 1; the rest is still scored. Counts of what was not scored
 * are reported at the end.
 *
 * @throws Malformed if the file cannot be read.
 */
export async function* scoredOf(
  io: Io,
  { file, progress, ...options }: ScoringOptions,
): AsyncGenerator<Iterable<Scored>> {
  const isStandard = file === undefined || file === '-';
  if (isStandard && 'isTTY' in io.stdin && io.stdin.isTTY === true)
    io.stderr.write('reading standard input; Ctrl-D ends it\n');
  const input = isStandard ? io.stdin : piecesOf(resolve(io.cwd, file));
  const told = makeProgress(progress ? io : { ...io, canRedraw: false }, true);
  const scorer = makeScorer(io, options);
  // False if the reader of stdout has gone away, as with `| head -1`.
  const isWanted = (): boolean => !io.stdout.destroyed && !io.stdout.writableEnded;
  const count = { read: 0, unreadable: 0, findings: 0 };
  function* scoredIn(payloads: Iterable<Payload>): Generator<Scored> {
    for (const payload of payloads) {
      const { line } = payload;
      if (line % TOLD_EVERY === 0) told.doing(`line ${line}`);
      try {
        count.read += 1;
        const findings = scorer.score(payload);
        count.findings += findings.length;
        if (findings.length > 0 && !isWanted()) return;
        yield { line, findings };
      } catch (thrown) {
        if (!(thrown instanceof Malformed)) throw thrown;
        count.unreadable += 1;
        tellLine(io, told, line, thrown);
      }
    }
  }
  try {
    for await (const payloads of payloadsOf(input)) {
      if (!isWanted()) return;
      yield scoredIn(payloads);
    }
    told.end();
    for (const [because, times] of scorer.unseen) io.stderr.write(`${times} not scored: ${because}\n`);
    const sum = sumOf(count, isStandard ? 'standard input' : file);
    if (io.canRedraw || count.read === count.unreadable) io.stderr.write(`${sum}\n`);
  } catch (thrown) {
    if (!isSystemError(thrown)) throw thrown;
    throw unreadable(plain(file ?? 'standard input', 200), thrown);
  } finally {
    told.end();
    if (input === io.stdin) io.stdin.destroy();
  }
}

/** What it came to, for whoever sees no line of it. */
const sumOf = (count: { read: number; unreadable: number; findings: number }, file: string): string => {
  const from = plain(file, 200);
  if (count.read === 0) return `there is nothing to score in ${from}`;
  if (count.read === count.unreadable)
    return `nothing in ${from} can be read: expected payloads as NDJSON or as a JSON array, such as gcloud logging read --format=json gives`;
  return `${counted(count.read, 'payload')} read, ${counted(count.findings, 'finding')}${count.unreadable === 0 ? '' : `, ${count.unreadable} unreadable`}`;
};

const tellLine = (io: Io, told: Progress, line: number, thrown: Malformed): void => {
  told.end();
  io.stderr.write(`line ${line}: ${plain(sentenceOf(thrown), 300)}\n`);
  io.setExit(1);
};

const isSystemError = (thrown: unknown): thrown is NodeJS.ErrnoException => thrown instanceof Error && 'code' in thrown;
