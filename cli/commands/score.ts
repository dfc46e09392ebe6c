import type { Command } from 'commander';
import type { Finding } from '../../shared/model/finding.ts';
import type { Place } from '../../shared/model/signal.ts';
import type { Io } from '../io.ts';
import { withPlaceOptions } from '../place-options.ts';
import { RULES_OPTION, rulesFile } from '../rules-file.ts';
import { scoredOf } from '../scored.ts';

type Options = Place & { rules?: string };

const EXAMPLES = `
Examples:
  firebreak score entries.ndjson
  gcloud logging read 'protoPayload.serviceName="k8s.io"' --format=json | firebreak score
  firebreak score --project p1 --location europe-west1 --cluster c1 audit.log    a Kubernetes API server's own log`;

/** `firebreak score [FILE]`: prints the findings of the rules in stored payloads, in their order, as NDJSON. */
export const scoreCommand = (program: Command, io: Io): void => {
  withPlaceOptions(
    program
      .command('score')
      .description('findings of the rules over stored payloads, as NDJSON')
      .argument('[file]', 'NDJSON, or a JSON array; standard input where it is left out, or -'),
  )
    .option(...RULES_OPTION)
    .addHelpText('after', EXAMPLES)
    .action((file: string | undefined, options: Options) => score(io, file, options));
};

const score = async (io: Io, file: string | undefined, { rules, ...place }: Options): Promise<void> => {
  const { detector } = await rulesFile(io, rules);
  // On a terminal the findings themselves are shown, and a progress line would draw over them.
  const scored = scoredOf(io, { file, place, detector, progress: !io.isTTY });
  for await (const some of scored)
    for (const { line, findings } of some) if (findings.length > 0) await print(io, findings, line);
};

const print = async (io: Io, findings: readonly Finding[], line: number): Promise<void> => {
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
