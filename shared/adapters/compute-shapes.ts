import { z } from 'zod';

/** The service's replies as far as we read them: loose, because a real reply carries much more. */

const text = z.string().exactOptional();
const texts = z.array(z.string()).default([]);
const words = z.record(z.string(), z.string()).default({});

const accessConfig = z.object({
  name: z.string(),
  type: z.string().default('ONE_TO_ONE_NAT'),
  natIP: text,
  externalIpv6: text,
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
        type: z.enum(['PERSISTENT', 'SCRATCH']),
        mode: z.enum(['READ_WRITE', 'READ_ONLY']).default('READ_WRITE'),
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
