import { strict as assert } from 'node:assert';
import { makeDetector } from '../../shared/detection/detector.ts';
import { makeRecall } from '../../shared/detection/recall.ts';
import { RULES } from '../../shared/detection/registry.ts';
import { noRules } from '../../shared/detection/rules-file.ts';
import { sinkFilter } from '../../shared/detection/sink-filter.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { severityRank } from '../../shared/model/ids.ts';
import type { AuditSignal } from '../../shared/model/signal.ts';
import { msOf } from '../../shared/model/time.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { benignDay } from '../fixtures/benign/day.ts';
import { isExported } from './logging-filter.ts';

/**
 * The result of scoring audit log entries: the numbers of all entries, of those by system principals and of those that
 * the sink exports, and the findings.
 */
export type Scored = { entries: number; system: number; exported: number; findings: Finding[] };

/** Whether a finding is severe and certain enough to wake somebody. */
export const isLoud = ({ severity, confidence }: Finding): boolean =>
  severityRank(severity) >= severityRank('medium') && confidence >= 0.5;

const FILTER = sinkFilter(RULES);
const DETECTOR = makeDetector({ ...noRules(), domains: ['example.com'] });

/**
 * Reads and scores entries as the detector does, with a memory. Asserts that entries which the sink drops have no
 * findings.
 */
export const scored = (entries: Iterable<unknown>, recall: (signal: AuditSignal) => Finding[]): Scored => {
  const all: Scored = { entries: 0, system: 0, exported: 0, findings: [] };
  for (const entry of entries) {
    const { signal } = readPayload(entry, { now: 0 });
    assert.equal(signal?.kind, 'audit');
    const told = [...DETECTOR.see(signal, msOf(signal.at)).findings, ...recall(signal)];
    const exported = isExported(FILTER, entry);
    if (!exported) assert.deepEqual(told, []);
    all.entries += 1;
    all.system += signal.principalClass === 'system' ? 1 : 0;
    all.exported += exported ? 1 : 0;
    all.findings.push(...told);
  }
  return all;
};

const WEEK = 8;

/**
 * A benign day, scored with the memory of the eight days before it. Entries of system principals are left out of those
 * days.
 */
export const benignDayScored = (seed: number, entries?: number): Scored => {
  const recall = makeRecall();
  for (let day = 0; day < WEEK; day += 1) scored(benignDay({ seed, day, entries: 0 }), recall);
  return scored(benignDay({ seed, day: WEEK, ...(entries === undefined ? {} : { entries }) }), recall);
};
