import type { FindingRecord } from '../model/records.ts';
import type { Stores } from '../ports.ts';

export type FindingRecords = {
  get(id: string): Promise<FindingRecord | undefined>;
  /** Throws Conflict where there is one already. */
  put(record: FindingRecord): Promise<FindingRecord>;
};

/** How many findings a process remembers the documents of. */
const REMEMBERED = 2_000;

/** The documents of findings that were stored or read here: they are written once, so that they need not be read again. */
export const rememberedFindings = ({ findings }: Pick<Stores, 'findings'>): FindingRecords => {
  const known = new Map<string, FindingRecord>();
  const remember = (record: FindingRecord): FindingRecord => {
    if (known.size >= REMEMBERED) known.clear();
    known.set(record.finding.id, record);
    return record;
  };
  return {
    get: async (id: string): Promise<FindingRecord | undefined> => {
      const found = known.get(id) ?? (await findings.get(id));
      return found === undefined ? undefined : remember(found);
    },
    put: async (record: FindingRecord): Promise<FindingRecord> =>
      remember(await findings.put(record.finding.id, record, null)),
  };
};
