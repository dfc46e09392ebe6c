import { evaluate } from '../../shared/detection/evaluate.ts';
import { historyNameOf, makeRecall } from '../../shared/detection/recall.ts';
import { RULES } from '../../shared/detection/registry.ts';
import { HISTORY_RULES } from '../../shared/detection/registry-history.ts';
import { sinkFilter } from '../../shared/detection/sink-filter.ts';
import { Malformed, sentenceOf } from '../../shared/errors.ts';
import { resourceOf } from '../../shared/kubernetes/call.ts';
import { at } from '../../shared/kubernetes/loose.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { AuditSignal } from '../../shared/model/signal.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import type { Reading } from '../../shared/sources/source.ts';
import { isExported } from '../../test/kit/logging-filter.ts';

/**
 * The result for a stored event: its findings, or the reason for having none; and whether the sink would have dropped
 * it.
 */
export type Judged = { findings: Finding[]; because?: string; dropped: boolean };

const NOW = Date.parse('2026-03-02T00:00:00.000Z');
/** Resources whose calls GKE logs without their bodies. */
const BODILESS = ['secrets', 'configmaps', 'tokenreviews'];

/** The API groups of each resource, as far as rules name them. */
const GROUPS = Map.groupBy(
  RULES.flatMap((rule) => (rule.reads === 'audit' ? (rule.calls ?? []) : [])).flatMap(({ resources }) =>
    resources.map((one) => one.split('/')),
  ),
  ([, resource = '']) => resource,
);

const FILTER = sinkFilter(RULES);

/** Reads and scores an event as the detectors do, without any memory of earlier events. */
export const judge = (event: unknown): Judged => {
  const reading = readingOf(event);
  if (reading.signal === undefined) return { findings: [], because: `not read: ${reading.because}`, dropped: false };
  const { signal } = reading;
  const findings = [...evaluate(signal, NOW), ...(signal.kind === 'audit' ? makeRecall()(signal) : [])];
  if (signal.kind !== 'audit') return { findings, because: 'no rule knows the alert', dropped: false };
  const needed = RULES.filter(
    (rule) =>
      (rule.reads === 'audit' || rule.reads === 'history') &&
      rule.needsLists !== true &&
      isExported(rule.filter, event),
  ).map(({ id }) => id);
  if (findings.length > 0) {
    // Only these sources come through the sink; and no filter can match an event fragment that lacks the fields.
    const comes = ['gke-audit-log', 'admin-audit-log'].includes(signal.source);
    const whole = ['serviceName', 'methodName'].every((field) => at(event, 'protoPayload', field) !== undefined);
    return { findings, dropped: comes && whole && !isExported(FILTER, event) };
  }
  return { findings, because: whyNothing(signal, needed), dropped: false };
};

const readingOf = (event: unknown): Reading => {
  try {
    return readPayload(event, { now: NOW, place: { project: 'unknown-project' } });
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    return { source: 'nobody', because: sentenceOf(thrown) };
  }
};

const whyNothing = (signal: AuditSignal, needed: readonly string[]): string => {
  const { call, service, method, outcome } = signal;
  const what = call === undefined ? `${method} of ${service}` : `${call.verb} ${resourceOf(call)}`;
  const groups = GROUPS.get(call?.resource ?? '')?.map(([group = '']) => group) ?? [];
  if (call !== undefined && groups.length > 0 && !groups.includes(call.group))
    return `a fragment that GKE would not write: there are no ${call.resource} in group ${call.group}`;
  if (outcome === 'failed') return `it failed, and trying ${what} says nothing`;
  if (BODILESS.includes(call?.resource ?? '')) return `no body in logs of GKE: ${what} says nothing without it`;
  if (needed.length === 0) return `out of scope: no rule is about ${what}`;
  const remembering = HISTORY_RULES.filter((rule) => historyNameOf(rule, signal) !== undefined).map(({ id }) => id);
  if (remembering.length > 0) return `a baseline or more entries are needed: ${remembering.join(', ')}`;
  return `ordinary by itself: ${needed.slice(0, 3).join(', ')} looked at ${what} and found nothing`;
};
