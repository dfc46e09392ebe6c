import { z } from 'zod';
import type { DeployedBucket, DeployedDatabase, DeployedJob, DeployedSink } from '../doctor/readers.ts';
import { isBucketName } from '../kubernetes/names.ts';
import { type Time, toTime } from '../model/time.ts';
import { plain } from '../text.ts';
import type { ProjectApi } from './project-api.ts';

const sink = z.looseObject({
  name: z.string(),
  destination: z.string(),
  filter: z.string().default(''),
  writerIdentity: z.string().optional(),
  disabled: z.boolean().default(false),
  exclusions: z.array(z.looseObject({ name: z.string(), disabled: z.boolean().optional() })).default([]),
  interceptChildren: z.boolean().default(false),
  resourceName: z.string().default(''),
});

const OWNER = /^((?:organizations|folders)\/\d+)\/sinks\//;

/** The sinks of a project, and those of its folders and organization that intercept its entries. */
export const readSinks = async (api: ProjectApi, project: string): Promise<DeployedSink[]> => {
  // Without this filter, the answer leaves out the sinks of folders and organizations.
  const query = { filter: 'in_scope("ALL")' };
  const found = await api.all({ service: 'logging', path: `/v2/projects/${project}/sinks`, query }, 'sinks', sink);
  return found.map(({ name, destination, filter, writerIdentity, disabled, exclusions, ...one }) => ({
    name,
    destination,
    filter,
    disabled,
    exclusions: exclusions.filter((one) => one.disabled !== true).map((one) => one.name),
    ...(writerIdentity === undefined ? {} : { writer: writerIdentity }),
    ...(one.interceptChildren ? { interceptsAt: OWNER.exec(one.resourceName)?.[1] ?? 'its owner' } : {}),
  }));
};

const database = z.looseObject({
  name: z.string(),
  type: z.string().default('DATABASE_TYPE_UNSPECIFIED'),
  deleteProtectionState: z.string().optional(),
  pointInTimeRecoveryEnablement: z.string().optional(),
});

const field = z.looseObject({ name: z.string(), ttlConfig: z.looseObject({ state: z.string() }).optional() });
const EXPIRES = /\/collectionGroups\/([^/]+)\/fields\/expireAt$/;

/**
 * The collections of a database with a TTL policy on `expireAt`, active or being set up, which deletes their documents.
 */
const readExpiring = async (api: ProjectApi, name: string): Promise<string[]> => {
  const path = `/v1/${name}/collectionGroups/-/fields`;
  const found = await api.all({ service: 'firestore', path, query: { filter: 'ttlConfig:*' } }, 'fields', field);
  return found.flatMap(({ name: of, ttlConfig }) =>
    ttlConfig === undefined || ttlConfig.state === 'NEEDS_REPAIR' ? [] : (EXPIRES.exec(of)?.[1] ?? []),
  );
};

/** The Firestore databases of a project. The API lists them on one page. */
export const readDatabases = async (api: ProjectApi, project: string): Promise<DeployedDatabase[]> => {
  const schema = z.looseObject({ databases: z.array(database).default([]) });
  const read = await api.ask({ service: 'firestore', path: `/v1/projects/${project}/databases`, schema });
  return Promise.all(
    (read?.databases ?? []).map(async (one) => ({
      name: one.name.slice(one.name.lastIndexOf('/') + 1),
      type: one.type,
      deleteProtection: one.deleteProtectionState === 'DELETE_PROTECTION_ENABLED',
      pointInTime: one.pointInTimeRecoveryEnablement === 'POINT_IN_TIME_RECOVERY_ENABLED',
      expiring: one.type === 'FIRESTORE_NATIVE' ? await readExpiring(api, one.name) : [],
    })),
  );
};

const bucket = z.looseObject({
  name: z.string(),
  retentionPolicy: z
    .looseObject({ retentionPeriod: z.string().regex(/^\d+$/), isLocked: z.boolean().optional() })
    .optional(),
  iamConfiguration: z
    .looseObject({
      uniformBucketLevelAccess: z.looseObject({ enabled: z.boolean().optional() }).optional(),
      publicAccessPrevention: z.string().optional(),
    })
    .optional(),
});

/** One bucket; undefined if it does not exist or its name is not valid. */
export const readBucket = async (api: ProjectApi, name: string): Promise<DeployedBucket | undefined> => {
  if (!isBucketName(name)) return undefined;
  const read = await api.ask({ service: 'storage', path: `/storage/v1/b/${name}`, schema: bucket });
  if (read === undefined) return undefined;
  const { retentionPolicy, iamConfiguration } = read;
  return {
    name: read.name,
    locked: retentionPolicy?.isLocked === true,
    uniformAccess: iamConfiguration?.uniformBucketLevelAccess?.enabled === true,
    publicAccessPrevented: iamConfiguration?.publicAccessPrevention === 'enforced',
    ...(retentionPolicy === undefined ? {} : { retentionSeconds: Number(retentionPolicy.retentionPeriod) }),
  };
};

const job = z.looseObject({
  name: z.string(),
  schedule: z.string().default(''),
  state: z.string().default('STATE_UNSPECIFIED'),
  pubsubTarget: z.looseObject({ topicName: z.string() }).optional(),
  lastAttemptTime: z.string().optional(),
  status: z.looseObject({ code: z.number().default(0), message: z.string().default('') }).optional(),
});

const withTime = (at: Time | undefined): { lastAttemptAt?: Time } => (at === undefined ? {} : { lastAttemptAt: at });

/** The jobs of Cloud Scheduler in one region. */
export const readJobs = async (api: ProjectApi, project: string, location: string): Promise<DeployedJob[]> => {
  const path = `/v1/projects/${project}/locations/${location}/jobs`;
  const found = await api.all({ service: 'scheduler', path }, 'jobs', job);
  return found.map(({ name, schedule, state, pubsubTarget, lastAttemptTime = '', status }) => ({
    name: name.slice(name.lastIndexOf('/') + 1),
    schedule,
    state,
    ...(pubsubTarget === undefined ? {} : { topic: pubsubTarget.topicName }),
    ...withTime(toTime(lastAttemptTime)),
    ...(status === undefined || status.code === 0
      ? {}
      : { lastError: plain(status.message, 200) || `code ${status.code}` }),
  }));
};
