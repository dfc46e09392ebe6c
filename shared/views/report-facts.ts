import { z } from 'zod';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import type { RequestRecord } from '../model/request.ts';
import { type Time, time } from '../model/time.ts';
import type { RuleLookup } from './html/findings-list.ts';
import type { StaysValidExhibit } from './html/stays-valid-list.ts';

/** One exhibit as the manifest of capture-evidence names it: kept with its hash, or missing with a reason. */
const exhibit = z.union([
  z.looseObject({ name: z.string(), key: z.string(), sha256: z.string(), size: z.number() }),
  z.looseObject({ name: z.string(), missing: z.string() }),
]);
export type Exhibit = z.infer<typeof exhibit>;

/** `manifest.json` of one captured subject. */
export const manifestExhibit = z.looseObject({ at: time, kept: z.array(exhibit).default([]) });

/** The manifest of one subject that was captured; `unread`: why it cannot be shown. */
export type Manifest = { subject: string; key: string } & ({ at: Time; kept: Exhibit[] } | { unread: string });

/** An incident with everything that a report shows beside it. */
export type ReportFacts = {
  incident: Incident;
  hosts: ReadonlyMap<string, Host>;
  /** Newest first. */
  requests: readonly RequestRecord[];
  valid: ReadonlyArray<{ pod: string; exhibit: StaysValidExhibit } | { pod: string; unread: string }>;
  manifests: readonly Manifest[];
  /** Where the keys of the evidence are: `gs://BUCKET` or a folder. */
  evidenceAt: string | undefined;
  ruleOf: RuleLookup;
  /** When the report is made. */
  madeAt: Time;
};

/** The line that fetches one exhibit and prints its hash, to hold against the manifest. */
export const hashLine = (evidenceAt: string, key: string, word: (text: string) => string): string =>
  evidenceAt.startsWith('gs://')
    ? `gcloud storage cat ${word(`${evidenceAt}/${key}`)} | sha256sum`
    : `sha256sum ${word(`${evidenceAt}/${key}`)}`;
