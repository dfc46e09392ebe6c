import { join } from 'node:path';
import { functionName } from '../shared/deployment.ts';
import type { DoctorPorts } from '../shared/doctor/check.ts';
import { command, commandsAbout } from '../shared/doctor/next.ts';
import type { CommonReaders, Expected } from '../shared/doctor/readers.ts';
import { Transient } from '../shared/errors.ts';
import { toTime } from '../shared/model/time.ts';
import type { Connection } from './connect.ts';
import { connect } from './connect.ts';
import { idTokenOf } from './id-token.ts';
import type { Io } from './io.ts';
import { findLocalFile, type LocalFile } from './local-file.ts';
import { makeLocalReader } from './local-reader.ts';

/** Gives the expected settings of a deployment, once it is known which deployment it is. */
type ExpectedOf = (local: LocalFile | undefined) => Expected;

export type OpenDoctor = (
  io: Pick<Io, 'cwd' | 'env' | 'now' | 'stderr' | 'setExit'>,
  project: string | undefined,
  expectedOf: ExpectedOf,
) => Promise<DoctorPorts & { close(): Promise<void> }>;

type Documents = CommonReaders['stores'];

/** Stands in for documents that cannot be read from here: every call throws Transient with a sentence. */
const unreadable = (because: string): Documents => {
  const refuse = async (): Promise<never> => {
    throw new Transient(because);
  };
  const store = { get: refuse, put: refuse, list: refuse, delete: refuse };
  return { incidents: store, dead: store, halts: store };
};

const NO_FILE = 'the documents of this stack are not kept in a file that can be read from here';

/** Opens the readers for a deployed project, or for the stack on this machine. */
export const openDoctor: OpenDoctor = async (io, project, expectedOf) => {
  const connection = await connect(io, project, { stopped: true });
  const local = connection.local ? findLocalFile(io.cwd) : undefined;
  const expected = expectedOf(local);
  const { stores = unreadable(NO_FILE), close } = connection;
  const common = { now: () => io.now(), expected, stores, close };
  if (local !== undefined) {
    const reader = makeLocalReader(local);
    const { started, startedAt, lastTick, logs } = reader;
    return {
      ...common,
      local: reader,
      started,
      runsSince: startedAt === undefined ? undefined : toTime(startedAt),
      lastTick,
      logsOf: (name) => command('tail', join(logs, `${name}.log`)),
      ours: commandsAbout(undefined),
    };
  }
  return { ...common, ...(await ofProject(io, connection)) };
};

const ofProject = async (io: Pick<Io, 'now' | 'env'>, { project }: Connection) => {
  const { openCredentials } = await import('../shared/adapters/google-operator.ts');
  const credentials = await openCredentials();
  // If there are no usable credentials, fail once here rather than in every check.
  await credentials.headers();
  const [{ makeProjectReader }, { makeClusters }, { makeCompute }] = await Promise.all([
    import('../shared/adapters/project.ts'),
    import('../shared/adapters/clusters.ts'),
    import('../shared/adapters/compute.ts'),
  ]);
  const now = (): number => io.now();
  const reader = makeProjectReader({
    project,
    now,
    headers: () => credentials.headers(),
    clusters: (served) => makeClusters({ served, token: () => credentials.token(), now }),
    compute: makeCompute({ projectId: project }),
    idToken: () => idTokenOf(io.env),
  });
  const logsOf = (name: string): string => {
    const filter = `resource.labels.service_name="${functionName(name)}"`;
    return command('gcloud', 'logging', 'read', filter, '--limit=20', `--project=${project}`);
  };
  const { started, lastTick } = reader;
  return { project: reader, started, runsSince: undefined, lastTick, logsOf, ours: commandsAbout(project) };
};
