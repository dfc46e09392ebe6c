import type { Severity } from './ids.ts';
import type { Target } from './target.ts';
import type { Time } from './time.ts';

/** An alert of another detector. Texts are foreign: compare them, and quote them before they are shown. */
export type ThreatSignal = {
  kind: 'threat';
  /** Id of the source that read it. */
  source: string;
  /** The same for every delivery of the same alert: 32 hex digits. */
  event: string;
  at: Time;
  /** That detector's name for what it saw: a category of Security Command Center, a rule of Falco. */
  name: string;
  /** That detector's severity, on our scale; undefined if it gives none. Rules decide for themselves. */
  severity?: Severity;
  /** The targets of the alert, in names checked against the platform's grammar. Each gives its own findings. */
  targets: readonly [Target, ...Target[]];
  /** The alert is about a call that an audit log shows too, so that our own rules see the same event there. */
  retold?: true;
  principal?: string;
  callerIp?: string;
  /** Command lines of the processes that the alert is about, the culprit's first. */
  commands: readonly string[];
  /** Sentences that go into the finding, foreign parts quoted. */
  facts: readonly string[];
  /** What could not be read, in sentences that go into the finding. */
  doubts: readonly string[];
};
