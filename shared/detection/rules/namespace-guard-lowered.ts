import { writtenAt } from '../../kubernetes/patch.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { type CallSignal, REMOVALS, WRITES } from '../calls.ts';
import { changesNothing } from '../changes-nothing.ts';
import { shownCall } from '../claim.ts';
import { makes } from '../makes.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
/** Charts bring quotas and budgets along and take them away, and agents bring namespaces for privileged pods. */
const QUIET = 0.4;

/** Somebody removed a limit on what may run in a namespace. */
export const namespaceGuardLowered = callRule({
  id: 'namespace-guard-lowered',
  title: 'Pod Security or limits of a namespace lowered',
  sees: 'A namespace whose Pod Security level is changed to privileged, or removed; 0.40 for a namespace that is created that way, and for the deletion of a ResourceQuota, LimitRange or PodDisruptionBudget.',
  why: 'These limits keep privileged pods and miners out of a namespace.',
  technique: [{ id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' }],
  severity: 'medium',
  confidence: 0.55,
  family: 'rbac',
  falsePositives: ['Namespaces of agents, which need privileged pods', 'Migrations'],
  calls: [
    { resources: ['core/namespaces'], verbs: WRITES },
    { resources: ['core/resourcequotas', 'core/limitranges', 'policy/poddisruptionbudgets'], verbs: REMOVALS },
  ],
  example: `kubectl label namespace shop ${ENFORCE}=privileged --overwrite`,
  evident: true,
  match: (signal) => {
    const sentence = shownCall(signal);
    if (signal.call.resource !== 'namespaces') return { because: [sentence], confidence: QUIET };
    const how = lowered(signal);
    if (how === undefined) return undefined;
    return { because: [sentence, how], ...(makes(signal) ? { confidence: QUIET } : {}) };
  },
});

const lowered = (signal: CallSignal): string | undefined => {
  const level = writtenAt(signal, 'metadata', 'labels', ENFORCE);
  if (level === 'privileged') return changesNothing(signal) ? undefined : `${quote(ENFORCE)} is now privileged`;
  return level === null ? `${quote(ENFORCE)} was removed` : undefined;
};
