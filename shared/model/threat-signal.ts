import type { Severity } from './ids.ts';
import type { Target } from './target.ts';
import type { Time } from './time.ts';

/** What another detector reports. Texts are foreign: compare them, and quote them before they are shown. */
export type ThreatSignal = {
  kind: 'threat';
  /** Id of the source that read it. */
  source: string;
  /** The same for every delivery of the same alert: 32 hex digits. */
  event: string;
  at: Time;
  /** What it calls what it saw: a category of Security Command Center, a rule of Falco. */
  name: string;
  /** How bad it thinks that is, in our words; rules hold their own view. Undefined where it does not say. */
  severity?: Severity;
  /** What it saw it on, by names that passed the platform's grammar: never empty. Each gives findings of its own. */
  targets: readonly [Target, ...Target[]];
  principal?: string;
  callerIp?: string;
  /** Command lines of the processes it is about, the culprit first. */
  commands: readonly string[];
  /** Sentences that go into the finding, foreign parts quoted. */
  facts: readonly string[];
  /** What could not be read, in sentences that go into the finding. */
  doubts: readonly string[];
};
