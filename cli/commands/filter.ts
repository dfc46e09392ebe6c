import type { Command } from 'commander';
import { listsAddresses } from '../../shared/detection/rules-file.ts';
import { MAX_SINK_FILTER, sinkFilter } from '../../shared/detection/sink-filter.ts';
import type { Io } from '../io.ts';
import { RULES_OPTION, rulesFile } from '../rules-file.ts';

type Options = { rules?: string; explain?: boolean; json?: boolean };

const EXAMPLES = `
Examples:
  firebreak filter                       what Terraform gives to the sink of a deployment
  firebreak filter --rules rules.yaml    the same for a deployment with rules and lists of its own
  firebreak filter --explain             with the rules that need each line
  firebreak filter --rules rules.yaml > sink-filter.txt
                                         for Terraform's sink_filter_file
  gcloud logging read "$(firebreak filter)" --freshness=1d --format=json | firebreak score

What it drops, no rule can use; see docs/detection.md.`;

/** `firebreak filter`: prints the filter of the sink that exports audit log entries. */
export const filterCommand = (program: Command, io: Io): void => {
  program
    .command('filter')
    .description('the filter of the log sink: the audit log entries that any rule could use, and no others')
    .option(...RULES_OPTION)
    .option('--explain', 'above each line, the rules that need it')
    .option('--json', 'as JSON, with its length and the most that Cloud Logging takes')
    .addHelpText('after', EXAMPLES)
    .action(async ({ rules: named, explain, json }: Options) => {
      const { file, detector } = await rulesFile(io, named);
      const options = { lists: listsAddresses(file), explained: explain === true };
      const filter = sinkFilter(detector.rules, options);
      const { length } = filter;
      io.stdout.write(json === true ? `${JSON.stringify({ filter, length, most: MAX_SINK_FILTER })}\n` : `${filter}\n`);
    });
};
