import { z } from 'zod';
import { LADDER, SEVERITIES, SOURCE_IDS, TIERS, type Tier, tierRank } from '../model/ids.ts';
import { readStrictYaml } from '../strict-yaml.ts';
import { hashOf } from './hash.ts';
import { addition, glob, type Override, override, stopFirst, suppression } from './policy-parts.ts';
import { budgets, forensics, investigation, operators } from './policy-settings.ts';

/** The tiers for confidence below 0.5, from 0.5, from 0.75 and from 0.9. More confidence never means less. */
const row = z
  .tuple([z.enum(LADDER), z.enum(LADDER), z.enum(LADDER), z.enum(LADDER)])
  .refine((tiers) => tiers.every((tier, n) => tierRank(tier) >= tierRank(tiers[n - 1] ?? 'observe')), {
    message: 'the tiers of a row must not fall: more confidence never means less',
  });

const mode = z.enum(['act', 'ask']);

const protection = z.strictObject({
  namespace: glob(63),
  /** `NAME` or `KIND/NAME` of the pod or any of its controllers; without it the whole namespace is protected. */
  workload: glob(320).optional(),
  tier: z.enum(TIERS),
});

const source = z.strictObject({
  max: z.strictObject({ severity: z.enum(SEVERITIES).optional(), confidence: z.number().min(0).max(1).optional() }),
});

const minutes = (by: number) => z.number().int().min(1).max(10_080).default(by);

const HOST_REACH: Override = {
  when: { hostReach: true, atLeast: 'quarantine' },
  raise: 'isolate',
  because: 'the pod has access to the node itself, so the node is cut off as well',
};

/**
 * The policy. Strict: a misspelt field must not be ignored. A section that is left out has its defaults; a list that is
 * given replaces the default list. `mode` is dry-run unless the file says otherwise.
 */
export const policy = z.strictObject({
  mode: z.enum(['act', 'dry-run']).default('dry-run'),
  matrix: z
    .strictObject({
      low: row.default(['observe', 'observe', 'observe', 'observe']),
      medium: row.default(['observe', 'snapshot', 'snapshot', 'quarantine']),
      high: row.default(['snapshot', 'snapshot', 'quarantine', 'quarantine']),
      critical: row.default(['snapshot', 'quarantine', 'isolate', 'delete-workload']),
    })
    .prefault({}),
  /** Whether a tier runs by itself; `observe` changes nothing and never asks. */
  modes: z
    .strictObject({
      snapshot: mode.default('act'),
      quarantine: mode.default('act'),
      isolate: mode.default('act'),
      redeploy: mode.default('ask'),
      'delete-workload': mode.default('ask'),
      'delete-host': mode.default('ask'),
    })
    .prefault({}),
  overrides: z.array(override).max(200).default([HOST_REACH]),
  suppressions: z.array(suppression).max(500).default([]),
  stopFirst: z.array(stopFirst).max(100).default([]),
  /** Optional steps of the playbooks that the policy adds without a request. */
  options: z.array(addition).max(100).default([]),
  protected: z
    .array(protection)
    .max(500)
    .default([
      { namespace: 'kube-system', tier: 'snapshot' },
      { namespace: 'gke-*', tier: 'snapshot' },
      { namespace: 'gmp-*', tier: 'snapshot' },
    ]),
  /** The most that findings of a source may claim, by the source's name. */
  sources: z
    .record(z.string().regex(/^[a-z0-9-]{1,63}$/), source)
    .superRefine((sources, context) => {
      for (const id of Object.keys(sources)) {
        if (SOURCE_IDS.some((known) => known === id)) continue;
        context.addIssue({ code: 'custom', path: [id], message: `expected one of ${SOURCE_IDS.join(', ')}` });
      }
    })
    .default({}),
  budgets,
  operators,
  investigation,
  forensics,
  minutes: z
    .strictObject({
      /** An episode ends this long after its last finding. */
      window: minutes(30),
      /** An episode takes no findings later than this after its first, unless changes are in force. */
      maxAge: minutes(1440),
      /** After a release, findings at most ask for this long. */
      cooldown: minutes(60),
      /** An ask lapses after this. */
      ask: minutes(60),
    })
    .prefault({}),
});
export type Policy = z.infer<typeof policy>;

/** The policy if no file is given: the defaults of every section, as a dry run. */
export const DEFAULT_POLICY: Policy = /* @__PURE__ */ policy.parse({});

/** Whether a tier runs by itself, without an approval. */
export const runsByItself = ({ modes }: Pick<Policy, 'modes'>, tier: Tier): boolean =>
  tier === 'observe' || modes[tier] === 'act';

/** What is said of everything that is decided while the whole policy is a dry run. */
export const dryRunText = ({ mode }: Pick<Policy, 'mode'>): string[] =>
  mode === 'dry-run' ? ['the whole policy is a dry run: nothing is changed'] : [];

/**
 * Reads a policy as people write it. `hash` identifies its content: comments, the order of keys and sections that
 * repeat the default do not change it. An empty text is the default policy.
 *
 * @throws Malformed with the line, the field and what was expected, for each field that is wrong.
 */
export const readPolicy = (yamlText: string): { policy: Policy; hash: string } => {
  const read = readStrictYaml('policy', yamlText, policy);
  return { policy: read, hash: hashOf(read) };
};
