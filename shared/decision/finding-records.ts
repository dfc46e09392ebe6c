import type { FindingRecord } from '../model/records.ts';
import type { Stores } from '../ports.ts';

export type FindingRecords = {
  /** The record as stored, or as remembered: it may have been moved to another episode since. */
  get(id: string): Promise<FindingRecord | undefined>;
  /** The record as it is stored now. */
  read(id: string): Promise<FindingRecord | undefined>;
  /** Throws Conflict if the stored revision is not `expected` (null: nothing may be stored yet). */
  put(record: FindingRecord, expected: number | null): Promise<FindingRecord>;
};

/** How many finding records a process remembers. */
const REMEMBERED = 2_000;

/**
 * Finding records, with those that this process stored or read remembered. A record is written once, and again only if
 * the episode that it names ended before the finding was merged: a caller that finds it ended must use `read`.
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
