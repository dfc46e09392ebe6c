import { networkOf } from '../addresses.ts';
import type { ThreatSignal } from '../model/threat-signal.ts';
import { quote } from '../text.ts';
import { downloadIn } from './download.ts';
import type { ThreatSighting } from './rule.ts';
import { RETOLD } from './threat-claims.ts';

/** The confidence where a process fetches its program, at most: an exec that does so has a rule of its own. */
export const FETCHED = 0.55;

/**
 * A sighting of an alert, with more confidence if one of the alert's processes fetches something from a bare public
 * address to keep or run it. A sighting above medium stays as it is, and so does what only retells a call.
 */
export const raisedByFetch = (
  signal: ThreatSignal,
  sighting: ThreatSighting | undefined,
): ThreatSighting | undefined => {
  if (sighting?.severity !== 'medium' || sighting.confidence === RETOLD.confidence) return sighting;
  for (const line of signal.commands) {
    const found = downloadIn(line);
    if (found?.kept !== true || networkOf(found.host) !== 'public') continue;
    const because = [...sighting.because, `a process fetches something to keep or run from ${quote(found.host, 64)}`];
    return { ...sighting, confidence: FETCHED, because };
  }
  return sighting;
};
