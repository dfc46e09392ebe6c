import { strict as assert } from 'node:assert';
import { type AdminEntryParts, adminEntry } from '../../../local/scenarios/admin-entry.ts';
import { type AuditEntryParts, auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { type History, NO_HISTORY } from '../../../shared/detection/history.ts';
import { historyNameOf, recallBy } from '../../../shared/detection/recall.ts';
import type { HistoryRule } from '../../../shared/detection/rule.ts';
import { sinkFilter } from '../../../shared/detection/sink-filter.ts';
import { type Finding, finding } from '../../../shared/model/finding.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { NOW, signalOfPayload } from '../../fixtures/signals.ts';
import { isExported } from '../../kit/logging-filter.ts';

type Entry = AuditEntryParts | AdminEntryParts;

/** An entry of a story, `s` seconds after the story's beginning. */
export type Told = { s: number } & Entry;

const payloadOf = ({ s, ...parts }: Told): unknown => {
  const at = timeOf(NOW + Math.round(s * 1000));
  const insertId = parts.insertId ?? `i${s}`;
  return 'service' in parts ? adminEntry({ ...parts, at, insertId }) : auditEntry({ ...parts, at, insertId });
};

/** Plays entries in their order to a rule that remembers. Returns the findings for each entry. */
export const play = (rule: HistoryRule, entries: readonly Told[]): Finding[][] => {
  const histories = new Map<string, History>();
  return entries.map((told) => {
    const payload = payloadOf(told);
    const signal = signalOfPayload(payload);
    const name = historyNameOf(rule, signal);
    if (name === undefined) return [];
    assert.ok(isExported(sinkFilter([rule]), payload), `${rule.id} would never see it`);
    const { findings, history } = recallBy(rule, signal, histories.get(name) ?? NO_HISTORY);
    histories.set(name, history);
    return findings.map((one) => finding.strict().parse(one));
  });
};

/** `count` entries that differ only in their time, `every` seconds apart. */
export const repeated = (count: number, every: number, parts: Entry | ((n: number) => Entry)): Told[] =>
  Array.from({ length: count }, (_, n) => ({ s: n * every, ...(typeof parts === 'function' ? parts(n) : parts) }));

type Cases = { fires: Array<[string, Told[]]>; misses: Array<[string, Told[]]> };

/**
 * Stories in which the rule must fire at the last entry and not before, with its full claim, and stories in which it
 * never fires.
 */
export const historyCases = (rule: HistoryRule, { fires, misses }: Cases): void => {
  for (const [what, entries] of fires) {
    it(`fires: ${what}`, () => {
      const told = play(rule, entries);
      assert.deepEqual(
        told.slice(0, -1).filter((found) => found.length > 0),
        [],
      );
      const [found] = told.at(-1) ?? [];
      assert.ok(found, `${rule.id} does not fire`);
      const { severity, confidence, family } = found;
      assert.deepEqual([severity, confidence, family], [rule.severity, rule.confidence, rule.family]);
    });
  }

  for (const [what, entries] of misses) {
    it(`does not fire: ${what}`, () => assert.deepEqual(play(rule, entries).flat(), []));
  }

  it('gives the same finding for a redelivery of the last entry, also after a later entry', () => {
    const [[, entries = []] = []] = fires;
    const last = entries.at(-1) ?? assert.fail();
    const [first, second] = play(rule, [...entries, last]).slice(-2);
    assert.deepEqual(first, second);
    const later = { ...last, s: last.s + 1, insertId: 'later' };
    const ids = play(rule, [...entries, later, last]).flatMap((found) => found.map(({ id }) => id));
    assert.equal(new Set(ids).size, 1);
    assert.equal(ids.length, 2);
  });
};
