import { z } from 'zod';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import type { RequestRecord } from '../model/request.ts';
import { type Time, time } from '../model/time.ts';
import { shellWord } from '../shell.ts';
import { plain } from '../text.ts';
import type { RuleLookup } from './html/findings-list.ts';
import type { StaysValidExhibit } from './html/stays-valid-list.ts';

/** An exhibit as the manifest of capture-evidence names it: kept with its hash, or missing with a reason. */
const exhibit = z.union([
  z.looseObject({ name: z.string(), key: z.string(), sha256: z.string(), size: z.number() }),
  z.looseObject({ name: z.string(), missing: z.string() }),
]);
export type Exhibit = z.infer<typeof exhibit>;

/** The `manifest.json` of a captured subject. */
export const manifestExhibit = z.looseObject({ at: time, kept: z.array(exhibit).default([]) });

/** The manifest of a captured subject. `unread`: why it cannot be shown. */
export type Manifest = { subject: string; key: string } & ({ at: Time; kept: Exhibit[] } | { unread: string });

/** An incident with everything else that a report shows. */
export type ReportFacts = {
  incident: Incident;
  hosts: ReadonlyMap<string, Host>;
  /** Newest first. */
  requests: readonly RequestRecord[];
  /** Whether there are more of them. */
  moreRequests: boolean;
  /** For each pod, or node by its name, the exhibit of the rights that stay valid. `unread`: why it is not shown. */
  valid: ReadonlyArray<{ pod: string; exhibit: StaysValidExhibit } | { pod: string; unread: string }>;
  manifests: readonly Manifest[];
  /** The place that the evidence keys are relative to: `gs://BUCKET` or a folder. */
  evidenceAt: string | undefined;
  ruleOf: RuleLookup;
  /** The time at which the report is made. */
  madeAt: Time;
};

/**
 * The command that fetches an exhibit and prints its hash, to be held against the report's: for the first one that was
 * kept, as an example for all. undefined where nothing was, or where nobody knows its place.
 */
export const hashLine = ({
  manifests,
  evidenceAt,
}: Pick<ReportFacts, 'manifests' | 'evidenceAt'>): string | undefined => {
  const [first] = manifests.flatMap((one) => ('kept' in one ? one.kept : [])).filter((one) => 'sha256' in one);
  if (first === undefined || evidenceAt === undefined) return undefined;
  const at = shellWord(plain(`${evidenceAt}/${String(first.key)}`, 1000));
  return evidenceAt.startsWith('gs://') ? `gcloud storage cat ${at} | sha256sum` : `sha256sum ${at}`;
};
