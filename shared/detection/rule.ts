import type { CpuOpened } from '../model/cpu-signal.ts';
import type { Change } from '../model/finding.ts';
import type { Family, Severity } from '../model/ids.ts';
import type { AuditSignal } from '../model/signal.ts';
import type { Target } from '../model/target.ts';
import type { ThreatSignal } from '../model/threat-signal.ts';
import type { Calls } from './calls.ts';
import type { History, Recalled } from './history.ts';
import type { Known } from './known.ts';

/** What a sighting is about, by foreign names: they reach a target only after the platform's grammar. */
export type Claim = {
  namespace?: string;
  pod?: string;
  workload?: { kind: string; name: string };
  uid?: string;
};

/** What a rule saw. Without `on` it is about the cluster and the principal. What is left out is the rule's own. */
export type Sighting = {
  /** Sentences; foreign text in them is quoted by `quote`. */
  because: string[];
  on?: Claim;
  severity?: Severity;
  confidence?: number;
  conclusive?: boolean;
  /** That the call was refused is what was seen: nothing is taken off for it. */
  refusal?: true;
  /** The change that it is about, to be held against what we have done ourselves. */
  change?: Change;
};

/** What a rule says of itself: the references and the sink's filter are generated from it. */
export type RuleFacts = {
  id: string;
  title: string;
  /** What it sees, in a sentence. */
  sees: string;
  /** Why that matters. */
  why: string;
  /** MITRE ATT&CK. */
  technique: ReadonlyArray<{ id: string; name: string }>;
  /** The most it claims. */
  severity: Severity;
  confidence: number;
  family: Family;
  /** Whether it may rise above `snapshot` with no evidence of another family. */
  conclusive?: boolean;
  falsePositives: readonly string[];
  /** What makes it fire. */
  example: string;
  /** It sees nothing where there are no `lists` in config/rules.yaml. */
  needsLists?: true;
};

/**
 * One detection over audit entries. `match` is pure and takes time linear in its input, which is hostile; `now` is ms
 * since the epoch, `known` what no entry tells.
 */
export type AuditRule = RuleFacts & {
  reads: 'audit';
  /** The entries it needs, as a fragment of a Cloud Logging filter. */
  filter: string;
  /** Of calls to Google Cloud's own APIs, it looks at those to these services alone. */
  services?: readonly string[];
  /** The calls to a Kubernetes API that it looks at, `[]` for none; a rule without is asked about every entry. */
  calls?: readonly Calls[];
  match(signal: AuditSignal, now: number, known: Known): Sighting | undefined;
};

/** One detection over several audit entries: it remembers the earlier ones. Pure: what it remembers comes and goes by value. */
export type HistoryRule = RuleFacts & {
  reads: 'history';
  /** The entries it needs, as a fragment of a Cloud Logging filter. */
  filter: string;
  /** How long what is remembered counts, in ms. */
  windowMs: number;
  /** How long it may be silent after it has told something, where that is longer, in ms. */
  quietMs?: number;
  /** It sees what it does not remember: to a memory that has just begun, everything is new. */
  novelty?: true;
  /** Whose history an entry belongs to, besides its cluster or project, in foreign words; undefined: nobody's. */
  subjectOf(signal: AuditSignal): readonly string[] | undefined;
  recall(signal: AuditSignal, history: History): Recalled;
};

/** One detection over incidents on CPU use that are going on; the finding is about what the incident is about. */
export type CpuRule = RuleFacts & {
  reads: 'cpu';
  /** The condition of an alerting policy whose incidents it believes most, in PromQL. */
  query: string;
  match(signal: CpuOpened): Omit<Sighting, 'on'> | undefined;
};

/** What a rule makes of another detector's alert; the findings are about what the alert is about. */
export type ThreatSighting = Omit<Sighting, 'on'>;

/** One detection over the alerts of other detectors. */
export type ThreatRule = RuleFacts & {
  reads: 'threat';
  /** Id of the source whose alerts it reads; `any` for rules that people write. */
  feed: 'security-command-center' | 'falco' | 'any';
  /** The alerts that it knows by name, as their feed calls them. */
  names: readonly string[];
  /** Asked only about alerts in which no other rule of the feed sees anything. */
  last?: true;
  /** Asked about each target of an alert. */
  match(signal: ThreatSignal, target: Target): ThreatSighting | undefined;
};

/** One detection, by the kind of signal that it reads. */
export type Rule = AuditRule | HistoryRule | CpuRule | ThreatRule;

/** What a rule must be given: a fragment of a log filter, the condition of an alerting policy, or names of alerts. */
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
