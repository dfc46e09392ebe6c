import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { type Command, InvalidArgumentError } from 'commander';
import type { Detector } from '../../shared/detection/detector.ts';
import { makeRecall } from '../../shared/detection/recall.ts';
import { Malformed, sentenceOf } from '../../shared/errors.ts';
import { isClusterName, isLocation, isProjectId } from '../../shared/kubernetes/names.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Place } from '../../shared/model/signal.ts';
import { UNKNOWN_PROJECT } from '../../shared/sources/audit-fields.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { plain } from '../../shared/text.ts';
import type { Io } from '../io.ts';
import { payloadsOf } from '../payloads.ts';
import { rulesFile } from '../rules-file.ts';

type Options = { project: string; location?: string; cluster?: string; rules?: string };

const EXAMPLES = `
Examples:
  firebreak score entries.ndjson
  gcloud logging read 'protoPayload.serviceName="k8s.io"' --format=json | firebreak score
  firebreak score --project p1 --location europe-west1 --cluster c1 audit.log    a Kubernetes API server's own log`;

/** `firebreak score [FILE]`: what the rules see in stored payloads, one after the other, as NDJSON. */
export const scoreCommand = (program: Command, io: Io): void => {
  program
    .command('score')
    .description('findings of the rules over stored payloads, as NDJSON')
    .argument('[file]', 'NDJSON, or a JSON array; standard input where it is left out, or -')
    .option('--project <id>', 'stands in where a payload names no project', named(isProjectId), UNKNOWN_PROJECT)
    .option('--location <name>', 'stands in where a payload names no location', named(isLocation))
    .option('--cluster <name>', 'stands in where a payload names no cluster', named(isClusterName))
    .option('--rules <file>', 'the file of rules (default: that of FIREBREAK_RULES, else the one that is shipped)')
    .addHelpText('after', EXAMPLES)
    .action((file: string | undefined, options: Options) => score(io, file, options));
};

const named =
  (is: (name: string) => boolean) =>
  (name: string): string => {
    if (!is(name)) throw new InvalidArgumentError('it is not a valid name.');
    return name;
  };

const score = async (io: Io, file: string | undefined, { rules, ...place }: Options): Promise<void> => {
  const { detector } = await rulesFile(io, rules);
  const input = file === undefined || file === '-' ? io.stdin : createReadStream(resolve(io.cwd, file));
  try {
    await scoreAll(io, input, place, detector);
  } catch (thrown) {
    if (!isSystemError(thrown)) throw thrown;
    throw new Malformed(`${plain(file ?? 'standard input', 200)} cannot be read (${thrown.code})`);
  } finally {
    input.destroy();
  }
};

const scoreAll = async (io: Io, input: Readable, place: Place, detector: Detector): Promise<void> => {
  const unread = new Map<string, number>();
  const recall = makeRecall();
  for await (const payload of payloadsOf(input)) {
    // The reader went away: `| head -1` has what it wanted.
    if (io.stdout.destroyed || io.stdout.writableEnded) return;
    const { line } = payload;
    try {
      if (!('json' in payload)) throw new Malformed(payload.because);
      const reading = readPayload(payload.json, { now: io.now(), place });
      const { signal } = reading;
      if (signal === undefined) count(unread, reading.because);
      else if (signal.kind === 'log-match') count(unread, 'a log-match incident does not hold its log entry');
      else {
        const seen = detector.see(signal, io.now());
        const told = detector.settle(signal.kind === 'audit' ? recall(signal) : [], io.now());
        for (const { because } of [...seen.allowed, ...told.allowed]) count(unread, `allowed: ${plain(because, 300)}`);
        await print(io, [...seen.findings, ...told.findings], line);
      }
    } catch (thrown) {
      if (!(thrown instanceof Malformed)) throw thrown;
      io.stderr.write(`line ${line}: ${plain(sentenceOf(thrown), 300)}\n`);
      io.setExit(1);
    }
  }
  for (const [because, count] of unread) io.stderr.write(`${count} not scored: ${because}\n`);
};

const count = (counts: Map<string, number>, what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

const print = async (io: Io, findings: readonly Finding[], line: number): Promise<void> => {
  if (findings.length === 0) return;
  const text = findings.map((finding) => `${JSON.stringify({ ...finding, line })}\n`).join('');
  if (io.stdout.write(text) || io.stdout.destroyed) return;
  await new Promise<void>((done) => {
    const go = (): void => {
      io.stdout.off('drain', go).off('close', go).off('error', go);
      done();
    };
    io.stdout.on('drain', go).on('close', go).on('error', go);
  });
};

const isSystemError = (thrown: unknown): thrown is NodeJS.ErrnoException => thrown instanceof Error && 'code' in thrown;
