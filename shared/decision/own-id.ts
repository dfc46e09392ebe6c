import type { Finding } from '../model/finding.ts';
import type { FindingRecord } from '../model/records.ts';
import type { FindingRecords } from './finding-records.ts';
import { hashOf } from './hash.ts';

/** How the ids begin that only decide gives. */
const GIVEN = 'other-';

/** Whether two findings of one id can be the same: the id is a hash of the rule and the target, among others. */
export const isSameFinding = (a: Finding, b: Finding): boolean =>
  a.rule === b.rule && hashOf(a.target) === hashOf(b.target);

/**
 * A finding under an id that is its own, with its record if it has one. Whoever may publish findings can send one with
 * the id of another: it would join that one's incident with its own target, or be there first and take its place.
 */
export const underOwnId = async (
  findings: Pick<FindingRecords, 'get'>,
  one: Finding,
): Promise<{ one: Finding; earlier: FindingRecord | undefined }> => {
  const earlier = await findings.get(one.id);
  const isTaken = earlier !== undefined && !isSameFinding(earlier.finding, one);
  if (!isTaken && !one.id.startsWith(GIVEN)) return { one, earlier };
  const own = { ...one, id: `${GIVEN}${hashOf([one.id, one.rule, one.target])}` };
  return { one: own, earlier: await findings.get(own.id) };
};
