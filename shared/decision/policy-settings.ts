import { z } from 'zod';
import { firewallRange } from '../firewall-range.ts';
import { digestImage } from '../kubernetes/digest-image.ts';
import { isComputeName } from '../kubernetes/names.ts';
import { TIERS } from '../model/ids.ts';
import { ACTIONS } from '../model/request.ts';

const count = (by: number) => z.number().int().min(1).max(1000).default(by);

/** How much may be taken out of service within `minutes`. A pool's last Ready node in a zone is always over budget. */
export const budgets = z
  .strictObject({
    minutes: z.number().int().min(1).max(10_080).default(60),
    /** Nodes of a cluster: no more than this, and no more than `percent` of them (but always one). */
    nodes: count(3),
    percent: z.number().int().min(1).max(100).default(20),
    /** Nodes in incidents that name the same principal, unless the incident is critical. */
    nodesPerPrincipal: count(1),
    /** Workloads of a namespace. */
    workloads: count(5),
  })
  .prefault({});
export type Budgets = z.infer<typeof budgets>;

// With the kind that IAM writes before it, an address would equal nobody's.
const email = z
  .string()
  .regex(/^[^@\s:]{1,64}@[a-z0-9.-]{1,190}$/, 'expected an email address in lower case, without user: or group:');
const domain = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'expected a domain such as example.com');

/** Tiers that delete, and actions that take containment back. Access to the bus alone must not be enough for these. */
export const VERIFIED_BY_DEFAULT = ['redeploy', 'delete-workload', 'delete-host', 'release', 'resume'] as const;

/** Who may ask for what. */
export const operators = z
  .strictObject({
    /** Verified identities that count as operators. If both lists are empty, every verified identity does. */
    emails: z.array(email).max(500).default([]),
    domains: z.array(domain).max(50).default([]),
    /** What only verified operators may ask for or approve. Default, if they can be verified: VERIFIED_BY_DEFAULT. */
    verified: z
      .array(z.enum([...TIERS, ...ACTIONS]))
      .max(20)
      .optional(),
    /** Tiers that need a second verified operator: a request for one becomes an ask that another operator approves. */
    another: z.array(z.enum(TIERS)).max(TIERS.length).default([]),
  })
  .prefault({});

const ranges = z.array(firewallRange).min(1).max(20);

/** From where and for how long investigators reach a node that is cut off. Overrides the deployment's environment. */
export const investigation = z
  .strictObject({
    from: z
      .union(
        [
          z.strictObject({ tag: z.string().refine(isComputeName, { message: 'expected a network tag' }) }),
          z.strictObject({
            ranges: ranges.refine((all) => new Set(all.map((range) => range.includes(':'))).size === 1, {
              message: 'expected ranges of one IP version',
            }),
          }),
        ],
        { error: 'expected either { tag: NAME } or { ranges: [10.0.0.0/8, ...] }' },
      )
      .optional(),
    minutes: z.number().int().min(1).max(1440).optional(),
  })
  .prefault({});

/** The image that attach-forensics adds to a pod. Overrides the deployment's environment. */
export const forensics = z
  .strictObject({
    image: digestImage.optional(),
  })
  .prefault({});
