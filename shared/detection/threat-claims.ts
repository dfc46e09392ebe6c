import type { Severity } from '../model/ids.ts';
import type { ThreatSignal } from '../model/threat-signal.ts';
import { quote } from '../text.ts';
import type { ThreatSighting } from './rule.ts';

/**
 * The most that an alert claims of a pod or workload for a call that our own rules read from the audit log. A
 * privileged pod (0.70) in which somebody debugs (0.60) stays below 0.90 with it.
 */
export const RETOLD = { severity: 'medium', confidence: 0.15 } as const;

/** How we rate an alert, and the names that its feed gives to such alerts. */
type ThreatClaim = { severity: Severity; confidence: number; conclusive?: boolean; names: readonly string[] };

/** A name in lower case, without the release stage. */
const plainName = (name: string): string =>
  name
    .slice(0, 200)
    .toLowerCase()
    .replace(/\s*\((?:preview|ga)\)\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();

/** A sentence that says who reported what. */
export const reported = ({ source, name, severity }: ThreatSignal): string => {
  const by = source === 'falco' ? 'Falco' : 'Security Command Center';
  return `${by} reports ${quote(name, 200)}${severity === undefined ? '' : `, with severity ${severity}`}`;
};

/**
 * Looks alerts up by name in a table of claims. Returns all names, and a function for the sighting of an alert with a
 * known name.
 */
export const claimsOf = (
  table: readonly ThreatClaim[],
): { names: string[]; sightingOf(signal: ThreatSignal): ThreatSighting | undefined } => {
  const byName = new Map(table.flatMap((claim) => claim.names.map((name) => [plainName(name), claim] as const)));
  return {
    names: table.flatMap((claim) => claim.names),
    sightingOf: (signal) => {
      const claim = byName.get(plainName(signal.name));
      if (claim === undefined) return undefined;
      const { severity, confidence, conclusive = false } = claim;
      return { severity, confidence, conclusive, because: [reported(signal)] };
    },
  };
};
