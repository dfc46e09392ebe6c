import { z } from 'zod';
import { type History, NO_HISTORY } from './detection/history.ts';
import { beginningNameOf, historyNameOf, placeKeyOf, recallBy } from './detection/recall.ts';
import { HISTORY_RULES } from './detection/registry-history.ts';
import type { HistoryRule } from './detection/rule.ts';
import { Conflict, sentenceOf } from './errors.ts';
import type { Finding } from './model/finding.ts';
import type { AuditSignal } from './model/signal.ts';
import { msOf, type Time, time, timeOf } from './model/time.ts';
import type { Clock, DocStore, Log } from './ports.ts';
import type { MemoryDocument } from './store/memory.ts';

export type HistoryPorts = { marks: DocStore<MemoryDocument>; clock: Pick<Clock, 'now'>; log: Log };

const TRIES = 4;

const HOUR_MS = 3_600_000;

/**
 * How long a history is kept, ms: for twice its window, at least an hour, and for as long as its rule stays quiet.
 * Events may come late, and be delivered again for days.
 */
const keptMs = ({ windowMs, quietMs = 0 }: HistoryRule): number => Math.max(2 * windowMs, HOUR_MS, quietMs + HOUR_MS);

const stored = z.object({
  seen: z.array(z.object({ event: z.string(), at: time, what: z.string() })),
  told: z.object({ event: z.string(), at: time }).optional(),
});

/** The history in a document. A document that cannot be read counts as forgotten. */
const historyIn = (doc: MemoryDocument | undefined): History => {
  const read = stored.safeParse(doc);
  if (!read.success) return NO_HISTORY;
  const { seen, told } = read.data;
  return told === undefined ? { seen } : { seen, told };
};

const DAY_MS = 86_400_000;
/**
 * After so long without entries of a place, a rule learns the place anew; while entries come, its beginning is kept.
 */
const BEGINNING_MS = 180 * DAY_MS;
const beginning = z.object({ begun: time, expireAt: time });

/**
 * The findings of all rules with a memory for a signal. Their new histories are stored by compare-and-set. If a memory
 * fails, or others write it all the time, its rule has no finding for this signal; that is counted, and has no other
 * effect.
 */
export const recallAll = async (
  ports: HistoryPorts,
  signal: AuditSignal,
  rules: readonly HistoryRule[] = HISTORY_RULES,
): Promise<Finding[]> => {
  // Most entries concern none of these rules, and must not wait for each rule in turn.
  const concerned = rules.flatMap((rule) => {
    const name = historyNameOf(rule, signal);
    return name === undefined ? [] : [{ rule, name }];
  });
  if (concerned.length === 0) return [];
  const found = await Promise.all(
    concerned.map(async ({ rule, name }) => {
      try {
        return await recall(ports, rule, signal, name);
      } catch (thrown) {
        ports.log.count('memory-failed', `${rule.id} could not remember: ${sentenceOf(thrown)}`, {
          event: signal.event,
          rule: rule.id,
        });
        return [];
      }
    }),
  );
  return found.flat();
};

const recall = async (
  { marks, clock }: HistoryPorts,
  rule: HistoryRule,
  signal: AuditSignal,
  name: string,
): Promise<Finding[]> => {
  const begun = rule.novelty === true ? await begunAt({ marks, clock }, rule, signal) : undefined;
  for (let tries = 1; ; tries += 1) {
    const doc = await marks.get(name);
    const before = historyIn(doc);
    const { findings, history } = recallBy(rule, signal, before, begun);
    if (history === before) return findings;
    const expireAt = timeOf(clock.now() + keptMs(rule));
    try {
      await marks.put(name, { v: 1, rev: 0, writer: '', ...history, expireAt }, doc?.rev ?? null);
      return findings;
    } catch (thrown) {
      if (!(thrown instanceof Conflict) || tries === TRIES) throw thrown;
    }
  }
};

/** How long a process relies on having noted a place; FAILED_MS: how long after a memory that failed. */
const NOTED_MS = DAY_MS;
const FAILED_MS = 60_000;
/** The most places remembered; a detector watches only a few. */
const MAX_PLACES = 1000;

/**
 * Notes, with the first entry of any kind, that the cluster or project of a signal is watched. So where nobody runs
 * commands in pods, the first one who does is reported, and not learnt as normal. Returns undefined where this process
 * has noted the place before, which is nearly always.
 */
export const makeBeginnings = ({
  marks,
  clock,
  log,
}: HistoryPorts): ((signal: AuditSignal) => Promise<void> | undefined) => {
  const novel = HISTORY_RULES.filter(({ novelty }) => novelty === true);
  const notedUntil = new Map<string, number>();
  const note = async (signal: AuditSignal, place: string): Promise<void> => {
    try {
      await Promise.all(novel.map((rule) => begunAt({ marks, clock }, rule, signal)));
    } catch (thrown) {
      notedUntil.set(place, clock.now() + FAILED_MS);
      const because = `that a place is looked at could not be remembered: ${sentenceOf(thrown)}`;
      log.count('memory-failed', because, { event: signal.event });
    }
  };
  return (signal) => {
    const place = placeKeyOf(signal);
    const now = clock.now();
    if ((notedUntil.get(place) ?? 0) > now) return undefined;
    if (notedUntil.size >= MAX_PLACES) notedUntil.clear();
    // Set before the write: signals that come at the same moment need not wait for it.
    notedUntil.set(place, now + NOTED_MS);
    return note(signal, place);
  };
};

/** The time since when a rule watches a signal's cluster or project: that of the first signal there. */
const begunAt = async (
  { marks, clock }: Omit<HistoryPorts, 'log'>,
  rule: HistoryRule,
  signal: AuditSignal,
): Promise<Time> => {
  const name = beginningNameOf(rule, signal);
  for (let tries = 1; ; tries += 1) {
    const doc = await marks.get(name);
    const known = beginning.safeParse(doc).data;
    if (known !== undefined && msOf(known.expireAt) - clock.now() > BEGINNING_MS / 2) return known.begun;
    const begun = known?.begun ?? signal.at;
    try {
      const expireAt = timeOf(clock.now() + BEGINNING_MS);
      await marks.put(name, { v: 1, rev: 0, writer: '', begun, expireAt }, doc?.rev ?? null);
      return begun;
    } catch (thrown) {
      if (!(thrown instanceof Conflict) || tries === TRIES) throw thrown;
    }
  }
};
