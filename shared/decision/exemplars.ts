import type { Finding } from '../model/finding.ts';
import { severityRank } from '../model/ids.ts';
import type { Incident, Maximum, Summary } from '../model/incident.ts';

/** Findings that an incident shows; all of them are kept beside it. */
const EXEMPLARS = 20;
/** Bytes of JSON that findings and summary may have together. */
const FINDINGS_BYTES = 128 * 1024;

/** The order of the alphabet, whatever the machine. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Findings that count as one kind. */
export const groupOf = (f: Pick<Maximum, 'rule' | 'severity' | 'family' | 'replayed'>): string =>
  `${f.rule} ${f.severity} ${f.family}${f.replayed === true ? ' replayed' : ''}`;

const strongest = (a: Finding, b: Finding): number =>
  severityRank(b.severity) - severityRank(a.severity) ||
  b.confidence - a.confidence ||
  byText(a.at, b.at) ||
  byText(a.id, b.id);

const sizes = new WeakMap<Finding, number>();

/** Bytes of a finding as JSON. It is never changed, and weighed again with each one that joins it. */
const sizeOf = (f: Finding): number => {
  const known = sizes.get(f);
  if (known !== undefined) return known;
  const size = Buffer.byteLength(JSON.stringify(f));
  sizes.set(f, size);
  return size;
};

/** More than a finding's fields take but for these texts: the platform's grammar bounds the names in its target. */
const OF_NAMES = 2000;
/** A character takes no more bytes; one that is escaped, twice as many. */
const OF_CHARACTER = 3;

/** No finding has more bytes: for much less than it takes to write it out. */
export const mostBytesIn = ({ because, principal = '', target, change }: Finding): number => {
  let characters = 2 * (principal.length + (target.principal?.length ?? 0)) + (change === undefined ? 0 : OF_NAMES);
  for (const line of because) characters += line.length + 1;
  return OF_NAMES + OF_CHARACTER * characters;
};

const inOrder = (some: Finding[]): Finding[] => some.toSorted((a, b) => byText(a.at, b.at) || byText(a.id, b.id));

/** No summary of so many rules and principals has more bytes. */
const mostBytesOf = ({ maxima, principals }: Summary): number => 1000 * (maxima.length + 2 * principals.length + 1);

/** The findings of an incident with one more, in order, as far as there is room. */
export const findingsWith = (incident: Incident, added: Finding, summary: Summary): Finding[] => {
  const all = [...incident.findings.filter(({ id }) => id !== added.id), added];
  // Mostly there is room for all of them, by far.
  const most = all.reduce((sum, f) => sum + mostBytesIn(f), mostBytesOf(summary));
  if (all.length <= EXEMPLARS && most < FINDINGS_BYTES) return inOrder(all);
  return exemplarsOf(all, FINDINGS_BYTES - Buffer.byteLength(JSON.stringify(summary)) - 64);
};

/** The best of every rule first, then the second best of every rule: a storm of one does not crowd out the others. */
const exemplarsOf = (findings: Finding[], bytes: number): Finding[] => {
  const seen = new Map<string, number>();
  const ranked = findings
    .toSorted(strongest)
    .map((f) => {
      const place = seen.get(groupOf(f)) ?? 0;
      seen.set(groupOf(f), place + 1);
      return { f, place };
    })
    .toSorted((a, b) => a.place - b.place || strongest(a.f, b.f))
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
