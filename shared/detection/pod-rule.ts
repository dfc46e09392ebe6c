import type { PodSpec } from '../kubernetes/pod-spec.ts';
import { type Severity, severityRank } from '../model/ids.ts';
import { isAllowedPair } from './allowed-pairs.ts';
import { callRule } from './call-rule.ts';
import type { CallSignal } from './calls.ts';
import { aboutCall, shownCaller, shownObject } from './claim.ts';
import type { AuditRule, RuleFacts, Sighting } from './rule.ts';
import { POD_WRITES, writtenPodsOf } from './written-pods.ts';

/** What is seen in a pod spec; what is left out is the rule's own. */
export type PodSighting = Pick<Sighting, 'because' | 'severity' | 'confidence' | 'conclusive'>;

/** A detection over pods and templates of pods that somebody writes. */
export type PodRuleFacts = RuleFacts & {
  /**
   * What is seen convicts whoever wrote it: a pod that a controller makes counts as much as its template, and a write
   * that failed is an attempt.
   */
  evident?: true;
  look(spec: PodSpec, signal: CallSignal): PodSighting | undefined;
  /** What is seen in a patch that leaves the pod spec as it is. */
  lookBeside?(patch: CallSignal): PodSighting | undefined;
};

const MAX_REASONS = 8;

/** Who wrote the template is not in the event: it counts for its owner, at medium and 0.50. */
const BY_CONTROLLER = 0.5;
/** Every new node gets the pods of each DaemonSet, long after anybody wrote it. */
const BY_DAEMON_SET = 0.4;

/** The rule of these facts. Of what is seen in the spec as asked for and as answered, the worst counts. */
export const podRule = ({ look, lookBeside, evident, ...facts }: PodRuleFacts): AuditRule =>
  callRule({
    ...facts,
    calls: POD_WRITES,
    match: (signal) => {
      const written = writtenPodsOf(signal, evident === true);
      if (written === undefined) return lookBeside === undefined ? undefined : besideOf(signal, lookBeside);
      const seen: PodSighting[] = [];
      // Nearly every rule sees nothing: so without a list for each.
      for (const spec of written.specs) {
        const one = look(spec, signal);
        if (one !== undefined) seen.push(one);
      }
      if (seen.length === 0) return undefined;
      const [worst] = seen
        .map((one) => ({ severity: facts.severity, confidence: facts.confidence, ...one }))
        .toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.confidence - a.confidence);
      if (worst === undefined) return undefined;
      const { sentence, on } = written.tell();
      const reasons = new Set(seen.flatMap(({ because }) => because));
      return {
        ...worst,
        ...(written.byController && evident !== true ? attributed(worst, on?.workload?.kind) : {}),
        because: [sentence, ...[...reasons].slice(0, MAX_REASONS)],
        ...(on === undefined ? {} : { on }),
      };
    },
  });

/** What a rule sees in a patch of a workload by whom it is not expected; of no part of one, such as its state. */
const besideOf = (signal: CallSignal, look: (patch: CallSignal) => PodSighting | undefined): Sighting | undefined => {
  const { call, outcome } = signal;
  if (call.verb !== 'patch' || call.subresource !== undefined || outcome === 'failed' || isAllowedPair(signal))
    return undefined;
  const seen = look(signal);
  if (seen === undefined) return undefined;
  const did = outcome === 'ok' ? 'changed' : 'tried to write';
  const because = [`${shownCaller(signal)} ${did} ${shownObject(signal)}`, ...seen.because];
  return { ...aboutCall(signal), ...seen, because };
};

const attributed = (
  { severity, confidence }: { severity: Severity; confidence: number },
  owner: string | undefined,
): { severity: Severity; confidence: number } => ({
  severity: severityRank(severity) > severityRank('medium') ? 'medium' : severity,
  confidence: Math.min(confidence, owner === 'DaemonSet' ? BY_DAEMON_SET : BY_CONTROLLER),
});

/** A sighting of these reasons; none where there is none. */
export const sightingFor = (because: string[], claim: Omit<PodSighting, 'because'> = {}): PodSighting | undefined =>
  because.length === 0 ? undefined : { because, ...claim };
