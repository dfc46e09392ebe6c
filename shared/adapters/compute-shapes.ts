import { z } from 'zod';

/** Schemas of the service's replies, with only the fields that Firebreak reads: a real reply carries many more. */

const text = z.string().exactOptional();
const texts = z.array(z.string()).default([]);
const words = z.record(z.string(), z.string()).default({});

/**
 * One of these words, else UNKNOWN. The service adds values over time, and a new one must not make the whole reply
 * unreadable.
 */
const oneOf = <T extends string>(...words: readonly T[]) =>
  z.string().transform((word): T | 'UNKNOWN' => words.find((one) => one === word) ?? 'UNKNOWN');

/** The priority of a rule. In JSON a service may leave out a zero: it is then the strongest rule of all. */
const priority = z.number().default(0);

/** What went wrong in an operation, or at a group's try to make a VM. */
const operationErrors = z.object({ errors: z.array(z.object({ code: text, message: text })).default([]) });

const accessConfig = z.object({
  name: z.string(),
  type: z.string().default('ONE_TO_ONE_NAT'),
  natIP: text,
  externalIpv6: text,
  externalIpv6PrefixLength: z.number().exactOptional(),
  networkTier: text,
});

export const instanceReply = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  creationTimestamp: z.string(),
  tags: z.object({ items: texts, fingerprint: z.string() }),
  metadata: z.object({
    items: z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]),
    fingerprint: z.string(),
  }),
  labels: words,
  disks: z
    .array(
      z.object({
        deviceName: z.string(),
        boot: z.boolean().default(false),
        autoDelete: z.boolean().default(false),
        type: oneOf('PERSISTENT', 'SCRATCH'),
        mode: z.string().default('READ_WRITE'),
        source: text,
      }),
    )
    .default([]),
  networkInterfaces: z
    .array(
      z.object({
        name: z.string(),
        network: z.string(),
        subnetwork: text,
        fingerprint: text,
        accessConfigs: z.array(accessConfig).default([]),
        ipv6AccessConfigs: z.array(accessConfig).default([]),
      }),
    )
    .default([]),
  serviceAccounts: z.array(z.object({ email: z.string(), scopes: texts })).default([]),
});

export const diskReply = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  sizeGb: z.coerce.number().exactOptional(),
  labels: words,
  diskEncryptionKey: z.object({ kmsKeyName: text, sha256: text }).exactOptional(),
});

export const snapshotReply = z.object({
  id: z.string(),
  name: z.string(),
  status: oneOf('CREATING', 'UPLOADING', 'READY', 'FAILED', 'DELETING'),
  creationTimestamp: z.string(),
  sourceDisk: z.string(),
  sourceDiskId: z.string(),
  labels: words,
});

export const snapshotPage = z.object({ items: z.array(snapshotReply).default([]), nextPageToken: text });

export const groupReply = z.object({
  id: z.string(),
  name: z.string(),
  targetSize: z.number().default(0),
  baseInstanceName: z.string().default(''),
  autoHealingPolicies: z.array(z.unknown()).default([]),
  status: z.object({ autoscaler: text }).default({}),
});

export const managedPage = z.object({
  managedInstances: z
    .array(
      z.object({
        // Empty for a VM that a resize request queues: it does not exist yet.
        instance: z.string().default(''),
        id: text,
        currentAction: z.string().default('NONE'),
        instanceStatus: text,
        lastAttempt: z.object({ errors: operationErrors.exactOptional() }).exactOptional(),
      }),
    )
    .default([]),
  nextPageToken: text,
});

const protocol = z.object({ IPProtocol: z.string(), ports: texts });

export const firewallReply = z.object({
  id: z.string(),
  name: z.string(),
  network: z.string(),
  description: text,
  creationTimestamp: z.string(),
  direction: z.enum(['INGRESS', 'EGRESS']),
  priority,
  disabled: z.boolean().default(false),
  allowed: z.array(protocol).default([]),
  denied: z.array(protocol).default([]),
  sourceRanges: texts,
  destinationRanges: texts,
  sourceTags: texts,
  sourceServiceAccounts: texts,
  targetTags: texts,
  targetServiceAccounts: texts,
  logConfig: z.object({ enable: z.boolean().default(false) }).default({ enable: false }),
});
export type FirewallReply = z.output<typeof firewallReply>;

export const firewallPage = z.object({ items: z.array(z.unknown()).default([]), nextPageToken: text });

const policyRule = z.object({
  action: z.string(),
  direction: z.enum(['INGRESS', 'EGRESS']),
  priority,
  disabled: z.boolean().default(false),
  enableLogging: z.boolean().default(false),
  targetServiceAccounts: texts,
  match: z
    .looseObject({
      srcIpRanges: texts,
      destIpRanges: texts,
      layer4Configs: z.array(z.object({ ipProtocol: z.string(), ports: texts })).default([]),
    })
    .prefault({}),
});

export const effectiveReply = z.object({
  firewallPolicys: z
    .array(
      z.object({
        type: z.string().default('HIERARCHY'),
        name: z.string().default(''),
        shortName: text,
        rules: z.array(policyRule).default([]),
      }),
    )
    .default([]),
  firewalls: z.array(firewallReply).default([]),
});
export type PolicyReply = z.output<typeof effectiveReply>['firewallPolicys'][number];

export const networkReply = z.object({ networkFirewallPolicyEnforcementOrder: text });

export const operationReply = z.object({
  name: z.string(),
  status: z.string(),
  targetLink: text,
  httpErrorStatusCode: z.number().exactOptional(),
  httpErrorMessage: text,
  error: operationErrors.exactOptional(),
});
