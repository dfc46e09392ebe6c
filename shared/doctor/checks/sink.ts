import { servedFilter, topicName } from '../../deployment.ts';
import { spaced } from '../../text.ts';
import { grants, monitoringAgent, PUBLISHER } from '../bindings.ts';
import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { Binding, DeployedSink } from '../readers.ts';
import { servedBy } from '../served.ts';
import { strangersOf } from '../strangers.ts';

type Facts = {
  project: string;
  /** Google's service agent that publishes alerts on logs. */
  agent: string;
  wanted: string;
  served: string[];
  sinks: DeployedSink[];
  publishers: Binding[];
};

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
    ...(writer !== undefined && grants(publishers, PUBLISHER, writer)
      ? []
      : [fail(name, `may not publish to ${topicName('audit-log')}, so its entries are lost`, APPLY)]),
  ];
  return verdicts.length > 0 ? verdicts : [ok(name, 'exports what the rules need')];
};

/** Reports the sinks of folders and organizations that take entries before our sink sees them. */
const interceptors = (sinks: readonly DeployedSink[]): Verdict[] =>
  sinks.flatMap(({ name, filter, disabled, interceptsAt }) => {
    if (interceptsAt === undefined || disabled) return [];
    const [kind = '', id = ''] = interceptsAt.split('/');
    const owner = kind === 'organizations' ? [`--organization=${id}`] : kind === 'folders' ? [`--folder=${id}`] : [];
    const describe = command('gcloud', 'logging', 'sinks', 'describe', name, ...owner);
    return filter.trim() === ''
      ? [fail(name, `intercepts every entry for ${interceptsAt}, so our sink exports none`, describe)]
      : [warn(name, `intercepts entries for ${interceptsAt}: our sink does not export what it takes`, describe)];
  });

/** Checks the sink of audit log entries. */
export const sink = ofProject<Facts>({
  id: 'sink',
  does: 'A log sink exports to the topic audit-log, with the filter that `firebreak filter` prints, and may publish there. Nobody else may, except Cloud Monitoring. No sink of a folder or an organization intercepts the entries.',
  role: 'roles/logging.viewer',
  read: async ({ project, expected }) => {
    const [{ filter }, number, functions, sinks, publishers] = await Promise.all([
      expected.rules(),
      project.number(),
      project.functions(),
      project.sinks(),
      project.policyOf({ kind: 'topic', name: topicName('audit-log') }),
    ]);
    const served = servedBy(functions).map(({ cluster }) => cluster);
    return { project: project.id, agent: monitoringAgent(number), wanted: filter, served, sinks, publishers };
  },
  judge: (facts) => {
    const { project, agent, sinks, publishers } = facts;
    const topic = topicName('audit-log');
    const ours = sinks.filter((one) => one.destination === `pubsub.googleapis.com/projects/${project}/topics/${topic}`);
    const meant = [agent, ...ours.flatMap(({ writer }) => writer ?? [])];
    return [
      ...(ours.length === 0
        ? [fail(topic, 'has no sink that exports to it, so Firebreak sees no audit log entry', APPLY)]
        : ours.flatMap((one) => judgeOne(one, facts))),
      ...interceptors(sinks),
      ...strangersOf({ project, topic, bindings: publishers }, (member) => meant.includes(member)),
    ];
  },
});
