import type { Finding } from '../model/finding.ts';
import { severityRank } from '../model/ids.ts';
import type { Maximum } from '../model/incident.ts';
import { byText, groupOf } from './exemplars.ts';

/** Maxima at most, far more than real detectors give. Whoever has stolen one must not fill the document with them. */
const MAXIMA = 200;

const better = (a: Maximum, b: Maximum): Maximum => {
  const best = a.confidence !== b.confidence ? (a.confidence > b.confidence ? a : b) : a.finding <= b.finding ? a : b;
  return { ...best, conclusive: a.conclusive || b.conclusive };
};

/** Live ones first, of these the most severe, of these the most certain. */
const byWeight = (a: Maximum, b: Maximum): number =>
  Number(a.replayed === true) - Number(b.replayed === true) ||
  severityRank(b.severity) - severityRank(a.severity) ||
  b.confidence - a.confidence ||
  byText(groupOf(a), groupOf(b));

/** The maxima with one more finding. Merging it again, or in another order, gives the same. */
export const maximaWith = (maxima: Maximum[], f: Finding, replayed: boolean): Maximum[] => {
  const { rule, severity, confidence, family } = f;
  const next: Maximum = {
    rule,
    severity,
    confidence,
    family,
    conclusive: f.conclusive === true,
    finding: f.id,
    ...(replayed ? { replayed: true } : {}),
  };
  const known = maxima.find((m) => groupOf(m) === groupOf(next));
  const all = [...maxima.filter((m) => m !== known), known === undefined ? next : better(known, next)];
  const kept = all.length > MAXIMA ? all.toSorted(byWeight).slice(0, MAXIMA) : all;
  return kept.toSorted((a, b) => byText(groupOf(a), groupOf(b)));
};
