import { servedFilter, topicName } from '../../deployment.ts';
import { fail, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { Binding, DeployedSink } from '../readers.ts';
import { servedBy } from '../served.ts';

type Facts = { project: string; wanted: string; served: string[]; sinks: DeployedSink[]; publishers: Binding[] };

const spaced = (filter: string): string => filter.replace(/\s+/g, ' ').trim();

/** Whether a filter is the rules' own or, as Terraform writes it, limited to the clusters that are served. */
const isWanted = (filter: string, { wanted, served }: Facts): boolean =>
  [wanted, `${servedFilter(served)} AND ${wanted}`].some((one) => spaced(one) === spaced(filter));

const judgeOne = (sink: DeployedSink, facts: Facts): Verdict[] => {
  const { project, publishers } = facts;
  const { name, writer } = sink;
  const update = (...flags: string[]): string =>
    command('gcloud', 'logging', 'sinks', 'update', name, ...flags, `--project=${project}`);
  const verdicts: Verdict[] = [
    ...(sink.disabled
      ? [fail(name, 'is disabled, so Firebreak sees no audit log entry', update('--no-disabled'))]
      : []),
    ...(isWanted(sink.filter, facts)
      ? []
      : [
          fail(
            name,
            'has another filter than `firebreak filter` prints, so it may not export what the rules need',
            APPLY,
          ),
        ]),
    ...sink.exclusions.map((exclusion) =>
      fail(name, `has an exclusion, ${exclusion}, which drops entries`, update(`--remove-exclusions=${exclusion}`)),
    ),
    ...(writer !== undefined &&
    publishers.some(({ role, members }) => role === 'roles/pubsub.publisher' && members.includes(writer))
      ? []
      : [fail(name, `may not publish to ${topicName('audit-log')}, so its entries are lost`, APPLY)]),
  ];
  return verdicts.length > 0 ? verdicts : [ok(name, 'exports what the rules need')];
};

/** Checks the sink of audit log entries. */
export const sink = ofProject<Facts>({
  id: 'sink',
  does: 'A log sink exports to the topic audit-log, with the filter that `firebreak filter` prints, and may publish there.',
  role: 'roles/logging.viewer',
  read: async ({ project, expected }) => {
    const [functions, sinks, publishers] = await Promise.all([
      project.functions(),
      project.sinks(),
      project.policyOf({ kind: 'topic', name: topicName('audit-log') }),
    ]);
    const served = servedBy(functions).map(({ cluster }) => cluster);
    return { project: project.id, wanted: expected.filter, served, sinks, publishers };
  },
  judge: (facts) => {
    const destination = `pubsub.googleapis.com/projects/${facts.project}/topics/${topicName('audit-log')}`;
    const ours = facts.sinks.filter((one) => one.destination === destination);
    return ours.length === 0
      ? [fail(topicName('audit-log'), 'has no sink that exports to it, so Firebreak sees no audit log entry', APPLY)]
      : ours.flatMap((one) => judgeOne(one, facts));
  },
});
