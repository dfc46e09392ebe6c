import { ADMIN_RULES } from './registry-admin.ts';
import { HISTORY_RULES } from './registry-history.ts';
import { THREAT_RULES } from './registry-threat.ts';
import type { Rule } from './rule.ts';
import { anonymousWrite } from './rules/anonymous-write.ts';
import { clusterAdminBinding } from './rules/cluster-admin-binding.ts';
import { execIntoPod } from './rules/exec-into-pod.ts';
import { execMiner } from './rules/exec-miner.ts';
import { execReverseShell } from './rules/exec-reverse-shell.ts';
import { privilegedWorkload } from './rules/privileged-workload.ts';
import { sensitiveHostPath } from './rules/sensitive-host-path.ts';
import { sustainedHighCpu } from './rules/sustained-high-cpu.ts';

/** Every rule; held against the folder by a test. */
export const RULES: readonly Rule[] = [
  anonymousWrite,
  clusterAdminBinding,
  execIntoPod,
  execMiner,
  execReverseShell,
  privilegedWorkload,
  sensitiveHostPath,
  sustainedHighCpu,
  ...ADMIN_RULES,
  ...HISTORY_RULES,
  ...THREAT_RULES,
];

/** The rule of this id, undefined where there is none. */
export const ruleOf = (id: string): Rule | undefined => RULES.find((rule) => rule.id === id);
