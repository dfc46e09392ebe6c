import { ADMIN_RULES } from './registry-admin.ts';
import { HISTORY_RULES } from './registry-history.ts';
import { KNOWN_RULES } from './registry-known.ts';
import { KUBERNETES_RULES } from './registry-kubernetes.ts';
import { THREAT_RULES } from './registry-threat.ts';
import type { Rule } from './rule.ts';
import { busyMiner } from './rules/busy-miner.ts';
import { sustainedHighCpu } from './rules/sustained-high-cpu.ts';

/** Every rule. A test compares the list with the folder. */
export const RULES: readonly Rule[] = [
  ...KUBERNETES_RULES,
  busyMiner,
  sustainedHighCpu,
  ...ADMIN_RULES,
  ...KNOWN_RULES,
  ...HISTORY_RULES,
  ...THREAT_RULES,
];

/** The rule of this id, undefined where there is none. */
export const ruleOf = (id: string): Rule | undefined => RULES.find((rule) => rule.id === id);
