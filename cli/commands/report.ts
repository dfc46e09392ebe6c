import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { Malformed } from '../../shared/errors.ts';
import { plain } from '../../shared/text.ts';
import { reportHtml } from '../../shared/views/report-html.ts';
import { reportMarkdown } from '../../shared/views/report-md.ts';
import { Usage } from '../arguments.ts';
import { type Connect, connect } from '../connect.ts';
import type { Io } from '../io.ts';
import { whileReading } from '../progress.ts';
import { readReport } from '../read-report.ts';

type Options = { project?: string; format?: 'html' | 'md'; output?: string };

const EXAMPLES = `
Examples:
  firebreak report INCIDENT -o incident.html        one file that loads nothing: to read, to print, to keep
  firebreak report INCIDENT --format md             for a ticket, on stdout

It holds the timeline, the decision, every step with its proof, the evidence with its hashes, the gcloud and kubectl
commands that a person would have typed, and what remains to be done. The evidence of a deployed project is read where
FIREBREAK_EVIDENCE (gs://BUCKET) says.`;

/** What kubectl and gcloud call a format; as the name of a file it would be a surprise. */
const FORMATS = /^(?:html|md|markdown|json|yaml|text|wide|pdf)$/i;

/** `firebreak report ID`: writes one incident as a self-contained HTML file, or as Markdown. */
export const reportCommand = (program: Command, io: Io, connectTo: Connect = connect): void => {
  program
    .command('report')
    .description('write the report of one incident')
    .argument('<incident>', 'its id, as `firebreak incidents` lists it, or what it is about')
    .addOption(
      new Option('--format <format>', 'what to write (default: what the file is named for, else html)').choices([
        'html',
        'md',
      ]),
    )
    .option('-o, --output <file>', 'where to write it; `-` is stdout (default: stdout)')
    .option('--project <id>', "the deployment's project (default: that of the local stack)")
    .addHelpText('after', EXAMPLES)
    .action(async (id: string, options: Options) => {
      const format = options.format ?? formatOf(options.output);
      const file = options.output === '-' ? undefined : options.output;
      const connection = await connectTo(io, options.project);
      try {
        const project = connection.local ? undefined : connection.project;
        const facts = await whileReading(io, project, () => readReport(connection, id, io.now()));
        if (facts.incident.id !== id) io.stderr.write(`the report of ${facts.incident.id}\n`);
        const text = format === 'md' ? reportMarkdown(facts) : reportHtml(facts);
        if (file !== undefined) await save(io, file, text);
        else {
          io.stdout.write(text);
          // Below the page, where somebody who did not want to read its source still looks.
          if (io.isTTY && format === 'html')
            io.stderr.write(
              'that was the page itself: -o incident.html writes it to a file, --format md is for reading\n',
            );
        }
      } finally {
        await connection.close();
      }
    });
};

/** The format that a file is named for. */
const formatOf = (file = ''): 'html' | 'md' => {
  const ending = extname(file).toLowerCase();
  if (ending === '.md' || ending === '.markdown') return 'md';
  if (ending === '.html' || ending === '.htm' || (ending === '' && !FORMATS.test(file))) return 'html';
  const way =
    ending === '.pdf'
      ? 'write the page as incident.html and print that as PDF in a browser'
      : 'end its name with .html or .md';
  throw new Usage(`-o ${plain(file, 200)}: a report is HTML or Markdown: ${way}, or say which with --format.`);
};

const save = async (io: Io, file: string, text: string): Promise<void> => {
  const path = resolve(io.cwd, file);
  await writeFile(path, text).catch((thrown: unknown) => {
    const code = thrown instanceof Error && 'code' in thrown ? ` (${String(thrown.code)})` : '';
    throw new Malformed(`${path} cannot be written${code}: name a file in a folder that you may write to.`);
  });
  io.stderr.write(`written to ${path}\n`);
};
