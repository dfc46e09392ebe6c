import type { PodSpec } from '../kubernetes/pod-spec.ts';
import { type Severity, severityRank } from '../model/ids.ts';
import { isAllowedPair } from './allowed-pairs.ts';
import { callRule } from './call-rule.ts';
import type { CallSignal } from './calls.ts';
import { aboutCall, shownDeed } from './claim.ts';
import type { AuditRule, RuleFacts, Sighting } from './rule.ts';
import { POD_WRITES, writtenPodsOf } from './written-pods.ts';

/** What a rule saw in a pod spec. Fields left out take the rule's values. */
type PodSighting = Pick<Sighting, 'because' | 'severity' | 'confidence' | 'conclusive'>;

/** A detection over pods and templates of pods that somebody writes. */
type PodRuleFacts = RuleFacts & {
  /**
   * What the rule sees convicts whoever wrote it. A pod that a controller makes then counts as much as its template,
   * a write that failed counts as an attempt, and one that changes nothing counts too.
   */
  evident?: true;
  look(spec: PodSpec, signal: CallSignal): PodSighting | undefined;
  /** Looks at a patch that leaves the pod spec unchanged. */
  lookBeside?(patch: CallSignal): PodSighting | undefined;
};

const MAX_REASONS = 8;

/**
 * The highest confidence for a pod made by a controller, whose event does not say who wrote the template. It counts for
 * the owner, at severity medium at most.
 */
const BY_CONTROLLER = 0.5;
/** The same for pods of a DaemonSet: every new node gets one, long after somebody wrote the DaemonSet. */
const BY_DAEMON_SET = 0.4;

/**
 * Makes the audit rule from these facts. If several specs (as requested, as answered) show something, the worst counts.
 */
export const podRule = ({ look, lookBeside, evident, ...facts }: PodRuleFacts): AuditRule =>
  callRule({
    ...facts,
    ...(evident === true ? { evident, evenFailed: true } : {}),
    calls: POD_WRITES,
    match: (signal) => {
      const written = writtenPodsOf(signal);
      if (written === undefined) return lookBeside === undefined ? undefined : besideOf(signal, lookBeside);
      const seen: PodSighting[] = [];
      // Nearly every rule sees nothing, so no list is allocated for each spec.
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

/**
 * What a rule sees in a patch of a whole workload by a principal from whom it is not expected. A patch of a
 * subresource, such as the status, does not count.
 */
const besideOf = (signal: CallSignal, look: (patch: CallSignal) => PodSighting | undefined): Sighting | undefined => {
  const { call } = signal;
  if (call.verb !== 'patch' || call.subresource !== undefined || isAllowedPair(signal)) return undefined;
  const seen = look(signal);
  if (seen === undefined) return undefined;
  return { ...aboutCall(signal), ...seen, because: [shownDeed(signal, 'changed', 'write'), ...seen.because] };
};

const attributed = (
  { severity, confidence }: { severity: Severity; confidence: number },
  owner: string | undefined,
): { severity: Severity; confidence: number } => ({
  severity: severityRank(severity) > severityRank('medium') ? 'medium' : severity,
  confidence: Math.min(confidence, owner === 'DaemonSet' ? BY_DAEMON_SET : BY_CONTROLLER),
});

/** A sighting with these reasons; undefined where there are none. */
export const sightingFor = (because: string[], claim: Omit<PodSighting, 'because'> = {}): PodSighting | undefined =>
  because.length === 0 ? undefined : { because, ...claim };
