import type { FindingRecord } from '../model/records.ts';
import type { Stores } from '../ports.ts';

export type FindingRecords = {
  /** As stored, or as it is remembered: it may have been moved to another episode since. */
  get(id: string): Promise<FindingRecord | undefined>;
  /** As stored now. */
  read(id: string): Promise<FindingRecord | undefined>;
  /** Throws Conflict where there is another than `expected` (null: none). */
  put(record: FindingRecord, expected: number | null): Promise<FindingRecord>;
};

/** How many findings a process remembers the documents of. */
const REMEMBERED = 2_000;

/**
 * The documents of findings that were stored or read here. One is written once, and again only where the episode that it names
 * ended before it was merged: whoever finds that one ended reads it anew.
 */
export const rememberedFindings = ({ findings }: Pick<Stores, 'findings'>): FindingRecords => {
  const known = new Map<string, FindingRecord>();
  const remember = (record: FindingRecord): FindingRecord => {
    if (known.size >= REMEMBERED) known.clear();
    known.set(record.finding.id, record);
    return record;
  };
  const read = async (id: string): Promise<FindingRecord | undefined> => {
    const found = await findings.get(id);
    return found === undefined ? undefined : remember(found);
  };
  return {
    get: async (id) => known.get(id) ?? read(id),
    read,
    put: async (record, expected) => remember(await findings.put(record.finding.id, record, expected)),
  };
};
