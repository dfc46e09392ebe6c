import { z } from 'zod';
import type { CommonReaders, ProjectReader } from '../doctor/readers.ts';
import { Denied } from '../errors.ts';
import type { ComputeReader } from '../model/compute.ts';
import type { ClusterRef } from '../model/target.ts';
import { onceEach } from '../once-each.ts';
import type { Clusters } from '../ports.ts';
import { readAccountId, readMayPublish, readNumber, readPolicy, readPolicyOf, readRole } from './project-access.ts';
import { readAlerts, readChannels } from './project-alerts.ts';
import { makeProjectApi, type ProjectApiOptions } from './project-api.ts';
import { readSubscriptions, readTopics } from './project-bus.ts';
import { readBucket, readDatabases, readJobs, readSinks } from './project-data.ts';
import { readFunctions } from './project-functions.ts';
import { readLastTick, readStarted } from './project-started.ts';
import { readThreatFeeds } from './project-threats.ts';

export type ProjectOptions = ProjectApiOptions & {
  project: string;
  /** ms since the epoch. */
  now(): number;
  clusters(served: readonly ClusterRef[]): Clusters;
  compute: Pick<ComputeReader, 'firewall'>;
  /** The ID token that the person's requests carry. */
  idToken(): Promise<string | undefined>;
};

const claims = z.looseObject({ aud: z.string() });

/** Shares one call with all later callers, also if it failed: no check waits again for what did not answer. */
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  const made = onceEach(make);
  return () => made('');
};

/** The audience of a token. The token is not verified, since it is the caller's own. */
const audienceOf = (token: string | undefined): string | undefined => {
  try {
    return claims.parse(JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8'))).aud;
  } catch {
    return undefined;
  }
};

/** Reads a deployed project over Google's REST APIs. Most things are read once, however many checks ask for them. */
export const makeProjectReader = (
  options: ProjectOptions,
): ProjectReader & Pick<CommonReaders, 'started' | 'lastTick'> => {
  const { project, now } = options;
  const api = makeProjectApi(options);
  const number = once(async () => {
    const found = await readNumber(api, project);
    if (found === undefined) throw new Denied(`there is no project ${project}, or you may not see it`);
    return found;
  });
  return {
    id: project,
    number,
    functions: once(() => readFunctions(api, project)),
    topics: once(() => readTopics(api, project)),
    subscriptions: once(() => readSubscriptions(api, project)),
    policy: once(() => readPolicy(api, project)),
    policyOf: (holder) => readPolicyOf(api, project, holder),
    permissionsOf: onceEach((role) => readRole(api, role)),
    accountId: onceEach((email) => readAccountId(api, email)),
    sinks: once(() => readSinks(api, project)),
    databases: once(() => readDatabases(api, project)),
    bucket: (name) => readBucket(api, name),
    jobs: onceEach((location) => readJobs(api, project, location)),
    channels: once(() => readChannels(api, project)),
    alerts: once(() => readAlerts(api, project)),
    threatFeeds: once(() => readThreatFeeds(api, project)),
    mayPublish: (topic) => readMayPublish(api, project, topic),
    proof: async () => audienceOf(await options.idToken()),
    clusters: options.clusters,
    firewall: (ref) => options.compute.firewall(ref),
    started: once(() => readStarted(api, project, now())),
    lastTick: () => readLastTick(api, project, now()),
  };
};
