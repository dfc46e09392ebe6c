import { z } from 'zod';
import { firewallRange } from '../firewall-range.ts';
import { digestImage } from '../kubernetes/digest-image.ts';
import { isComputeName } from '../kubernetes/names.ts';
import { type Environment, readEnvironment } from '../read-environment.ts';

/** From where an investigator may reach a cut node: VMs with a network tag, or ranges of one IP version. */
export type InvestigationSource = { tag: string } | { ranges: readonly string[] };

/** The operators' settings for the steps. Images are named by digest, so that nobody can swap them. */
export type StepSettings = {
  /** The image that attach-forensics adds to a pod; undefined: the step is refused. */
  forensicsImage?: string;
  /** The image that kill-container runs on a node; it needs a shell and `chroot`. undefined: the step is refused. */
  killerImage?: string;
  /** The namespace that our own short-lived pods run in. */
  namespace: string;
  investigation: {
    from: InvestigationSource;
    minutes: number;
    /** `USER:KEY` for the VM's metadata, where OS Login is off: needs the opt-in role. */
    sshKey?: string;
  };
};

/** The range that Identity-Aware Proxy forwards TCP from. */
export const IAP_RANGE = '35.235.240.0/20';

/** The defaults: no images, and an hour of SSH through Identity-Aware Proxy. */
export const DEFAULT_SETTINGS: StepSettings = {
  namespace: 'firebreak',
  investigation: { from: { ranges: [IAP_RANGE] }, minutes: 60 },
};

const ranges = z.array(firewallRange).min(1);

const from = z
  .string()
  .transform((text, context): InvestigationSource => {
    const [, tag] = /^tag:(.+)$/.exec(text) ?? [];
    if (tag !== undefined && isComputeName(tag)) return { tag };
    const read = ranges.safeParse(text.split(','));
    const versions = new Set(read.data?.map((range) => range.includes(':')));
    if (read.success && versions.size === 1) return { ranges: read.data };
    const message = 'expected tag:NAME, or ranges of one IP version with commas, none with bits beyond its prefix';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .optional();

const variables = z.object({
  FIREBREAK_FORENSICS_IMAGE: digestImage.optional(),
  FIREBREAK_KILLER_IMAGE: digestImage.optional(),
  FIREBREAK_INVESTIGATION_FROM: from,
  FIREBREAK_INVESTIGATION_MINUTES: z.coerce.number().int().min(1).max(1440).optional(),
  FIREBREAK_INVESTIGATION_SSH_KEY: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}:(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/=]+( [^\r\n]{1,100})?$/, 'expected USER:KEY')
    .optional(),
});

/**
 * Reads the settings of the steps from the environment.
 *
 * @throws Error that names every variable that cannot be read.
 */
export const readSettings = (env: Environment): StepSettings => {
  const data = readEnvironment(variables, env);
  const { investigation } = DEFAULT_SETTINGS;
  return {
    ...DEFAULT_SETTINGS,
    ...(data.FIREBREAK_FORENSICS_IMAGE === undefined ? {} : { forensicsImage: data.FIREBREAK_FORENSICS_IMAGE }),
    ...(data.FIREBREAK_KILLER_IMAGE === undefined ? {} : { killerImage: data.FIREBREAK_KILLER_IMAGE }),
    investigation: {
      from: data.FIREBREAK_INVESTIGATION_FROM ?? investigation.from,
      minutes: data.FIREBREAK_INVESTIGATION_MINUTES ?? investigation.minutes,
      ...(data.FIREBREAK_INVESTIGATION_SSH_KEY === undefined ? {} : { sshKey: data.FIREBREAK_INVESTIGATION_SSH_KEY }),
    },
  };
};
