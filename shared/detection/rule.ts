import type { CpuOpened } from '../model/cpu-signal.ts';
import type { Change } from '../model/finding.ts';
import type { Family, Severity } from '../model/ids.ts';
import type { AuditSignal } from '../model/signal.ts';
import type { Target } from '../model/target.ts';
import type { ThreatSignal } from '../model/threat-signal.ts';
import type { Calls } from './calls.ts';
import type { History, Recalled } from './history.ts';
import type { Known } from './known.ts';

/**
 * The object that a sighting is about. The names are foreign: only names that pass the platform's grammar reach a
 * target.
 */
export type Claim = {
  namespace?: string;
  pod?: string;
  workload?: { kind: string; name: string };
  uid?: string;
};

/**
 * What a rule saw. Without `on` the finding is about the cluster and the principal. Fields left out take the rule's
 * values.
 */
export type Sighting = {
  /** Sentences; foreign text in them is quoted by `quote`. */
  because: string[];
  on?: Claim;
  severity?: Severity;
  confidence?: number;
  conclusive?: boolean;
  /** The refusal itself is what the rule saw: severity and confidence are not lowered because the call was refused. */
  refusal?: true;
  /** The change that the sighting is about, to be compared with the changes that our own journals record. */
  change?: Change;
};

/** What a rule states about itself. The references and the sink's filter are generated from rules. */
export type RuleFacts = {
  id: string;
  title: string;
  /** What the rule detects, in a sentence. */
  sees: string;
  /** Why the detected behaviour matters. */
  why: string;
  /** MITRE ATT&CK. */
  technique: ReadonlyArray<{ id: string; name: string }>;
  /** The highest severity that the rule claims. */
  severity: Severity;
  confidence: number;
  family: Family;
  /** Whether its findings may lead above the tier `snapshot` without evidence of another family. */
  conclusive?: boolean;
  falsePositives: readonly string[];
  /** An example that makes the rule fire. */
  example: string;
  /** The rule detects nothing unless config/rules.yaml has `lists`. */
  needsLists?: true;
};

/**
 * One detection over single audit entries. `match` is pure and takes time linear in its input, which is hostile. `now`
 * is in ms since the epoch; `known` is what this deployment knows and no entry tells.
 */
export type AuditRule = RuleFacts & {
  reads: 'audit';
  /** The entries it needs, as a fragment of a Cloud Logging filter. */
  filter: string;
  /** Of calls to Google Cloud's own APIs, the rule looks only at calls to these services. */
  services?: readonly string[];
  /**
   * The calls to a Kubernetes API that the rule looks at, `[]` for none. A rule without `calls` is asked about every
   * entry.
   */
  calls?: readonly Calls[];
  match(signal: AuditSignal, now: number, known: Known): Sighting | undefined;
};

/**
 * One detection over several audit entries, which remembers earlier ones. Pure: its history is passed in and returned.
 */
export type HistoryRule = RuleFacts & {
  reads: 'history';
  /** The entries it needs, as a fragment of a Cloud Logging filter. */
  filter: string;
  /** How long a remembered event counts, in ms. */
  windowMs: number;
  /** How long the rule may be silent after a finding, in ms, where that is longer than `windowMs`. */
  quietMs?: number;
  /** The rule detects what is not in its memory. To a memory that has just begun, everything is new. */
  novelty?: true;
  /**
   * The subject in whose history the entry belongs, besides its cluster or project, in foreign words. Undefined: no
   * history.
   */
  subjectOf(signal: AuditSignal): readonly string[] | undefined;
  recall(signal: AuditSignal, history: History): Recalled;
};

/** One detection over open incidents on CPU use. The finding is about the target of the incident. */
export type CpuRule = RuleFacts & {
  reads: 'cpu';
  /** The condition, in PromQL, of the alerting policy whose incidents the rule believes most. */
  query: string;
  match(signal: CpuOpened): Omit<Sighting, 'on'> | undefined;
};

/** What a rule concludes from another detector's alert. The findings are about the targets of the alert. */
export type ThreatSighting = Omit<Sighting, 'on'>;

/** One detection over the alerts of other detectors. */
export type ThreatRule = RuleFacts & {
  reads: 'threat';
  /** Id of the source whose alerts it reads; `any` for rules that people write. */
  feed: 'security-command-center' | 'falco' | 'any';
  /** The names of the alerts that the rule knows, as their feed writes them. */
  names: readonly string[];
  /** The rule is asked only about alerts for which no other rule of the feed has a finding. */
  last?: true;
  /** Called once for each target of an alert. */
  match(signal: ThreatSignal, target: Target): ThreatSighting | undefined;
};

/** One detection, by the kind of signal that it reads. */
export type Rule = AuditRule | HistoryRule | CpuRule | ThreatRule;

/** What a rule needs as input: a fragment of a log filter, the condition of an alerting policy, or names of alerts. */
export const needsOf = (rule: Rule): string => {
  switch (rule.reads) {
    case 'audit':
    case 'history':
      return rule.filter;
    case 'cpu':
      return rule.query;
    case 'threat':
      return rule.names.length === 0 ? `any other alert of ${rule.feed}` : rule.names.join('\n');
  }
};
