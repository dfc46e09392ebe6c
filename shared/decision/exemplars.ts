import type { Finding } from '../model/finding.ts';
import { severityRank } from '../model/ids.ts';
import type { Incident, Maximum, Summary } from '../model/incident.ts';

/** Findings that an incident shows at most. All findings are stored as documents of their own. */
const EXEMPLARS = 20;
/** Bytes of JSON that findings and summary of an incident may have together. */
const FINDINGS_BYTES = 128 * 1024;

/** Compares by UTF-16 code units, so the order is the same on every machine. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Findings with the same group count as one kind: only the best of them is kept in the summary. */
export const groupOf = (f: Pick<Maximum, 'rule' | 'severity' | 'family' | 'replayed'>): string =>
  `${f.rule} ${f.severity} ${f.family}${f.replayed === true ? ' replayed' : ''}`;

/** Orders findings: the most severe first, of these the most certain, of these the earliest. */
export const worstFirst = (a: Finding, b: Finding): number =>
  severityRank(b.severity) - severityRank(a.severity) ||
  b.confidence - a.confidence ||
  byText(a.at, b.at) ||
  byText(a.id, b.id);

const sizes = new WeakMap<Finding, number>();

/** Bytes of a finding as JSON. Remembered, since a finding never changes but is measured again with every new one. */
const sizeOf = (f: Finding): number => {
  const known = sizes.get(f);
  if (known !== undefined) return known;
  const size = Buffer.byteLength(JSON.stringify(f));
  sizes.set(f, size);
  return size;
};

/** Upper bound for all fields of a finding but its texts: the platform's grammar limits the names in its target. */
const OF_NAMES = 2000;
/** Upper bound of bytes per character; one that is escaped takes at most twice as many. */
const OF_CHARACTER = 3;

/** An upper bound for the bytes of a finding as JSON, much cheaper than serializing it. */
export const mostBytesIn = ({ because, principal = '', target, change }: Finding): number => {
  let characters = 2 * (principal.length + (target.principal?.length ?? 0)) + (change === undefined ? 0 : OF_NAMES);
  for (const line of because) characters += line.length + 1;
  return OF_NAMES + OF_CHARACTER * characters;
};

const inOrder = (some: Finding[]): Finding[] => some.toSorted((a, b) => byText(a.at, b.at) || byText(a.id, b.id));

/** An upper bound for the bytes of a summary as JSON. */
const mostBytesOf = ({ maxima, principals }: Summary): number => 1000 * (maxima.length + 2 * principals.length + 1);

/** The findings of an incident with one more, ordered by time, as many as there is room for. */
export const findingsWith = (incident: Incident, added: Finding, summary: Summary): Finding[] => {
  const all = [...incident.findings.filter(({ id }) => id !== added.id), added];
  // Usually the upper bound shows that there is room for all of them.
  const most = all.reduce((sum, f) => sum + mostBytesIn(f), mostBytesOf(summary));
  if (all.length <= EXEMPLARS && most < FINDINGS_BYTES) return inOrder(all);
  return exemplarsOf(all, FINDINGS_BYTES - Buffer.byteLength(JSON.stringify(summary)) - 64);
};

/** The best of every group first, then the second best: a storm of one rule does not crowd out the others. */
const exemplarsOf = (findings: Finding[], bytes: number): Finding[] => {
  const seen = new Map<string, number>();
  const ranked = findings
    .toSorted(worstFirst)
    .map((f) => {
      const place = seen.get(groupOf(f)) ?? 0;
      seen.set(groupOf(f), place + 1);
      return { f, place };
    })
    .toSorted((a, b) => a.place - b.place || worstFirst(a.f, b.f))
    .slice(0, EXEMPLARS);
  let left = bytes;
  return inOrder(
    ranked
      .filter(({ f }) => {
        left -= sizeOf(f) + 1;
        return left >= 0;
      })
      .map(({ f }) => f),
  );
};
