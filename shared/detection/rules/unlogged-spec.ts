import { isAllowedPair } from '../allowed-pairs.ts';
import { callRule } from '../call-rule.ts';
import { aboutCall, shownCaller, shownObject } from '../claim.ts';
import { POD_WRITES } from '../written-pods.ts';

/** With this label, the API server says that an event had no room for the bodies of its request and answer. */
const TRUNCATED = 'audit.k8s.io/truncated';

/** Somebody wrote a workload so large that the audit log does not say what runs in it. */
export const unloggedSpec = callRule({
  id: 'unlogged-spec',
  title: 'Workload too large for the audit log',
  sees: 'A pod, or a pod template, that is created or changed and whose log entry has no body, because the event was larger than the log takes (audit.k8s.io/truncated).',
  why: 'Nothing is known of what runs there: no rule over pods can see it. An annotation of a few hundred kilobytes is enough to hide a privileged pod from the log.',
  technique: [{ id: 'T1562.008', name: 'Impair Defenses: Disable or Modify Cloud Logs' }],
  severity: 'medium',
  confidence: 0.4,
  family: 'spec',
  falsePositives: ['Workloads with very many variables or annotations, such as pipelines that generate their pods'],
  calls: POD_WRITES,
  example: 'a pod with an annotation of 200 KiB',
  match: (signal) => {
    const { labels, outcome, request, response } = signal;
    if (labels[TRUNCATED] !== 'true' || request !== undefined || response !== undefined) return undefined;
    // The template of a pod that a controller makes was seen when somebody wrote it.
    if (signal.call.subresource !== undefined || isAllowedPair(signal)) return undefined;
    const did = outcome === 'ok' ? 'wrote' : 'tried to write';
    return {
      ...aboutCall(signal),
      because: [
        `${shownCaller(signal)} ${did} ${shownObject(signal)}`,
        'the log entry has no body, because it was too large: what runs there is not known, so look at the object itself',
      ],
    };
  },
});
