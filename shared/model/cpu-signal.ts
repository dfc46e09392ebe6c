import type { Target } from './target.ts';
import type { Time } from './time.ts';

/**
 * What an alerting policy says of the course of CPU use, rising: only above a threshold; flat for 15 minutes; flat at 90 %
 * or more; that for an hour. An incident holds one sample, so a shape is only known where the policy's condition tests it.
 */
export const CPU_SHAPES = ['threshold', 'plateau', 'strong-plateau', 'strong-plateau-hour'] as const;
export type CpuShape = (typeof CPU_SHAPES)[number];

type AboutIncident = {
  kind: 'cpu';
  /** Id of the source that read it. */
  source: string;
  /** The same for every notification about one incident, opened, repeated and closed: 32 hex digits. */
  event: string;
  /** The id that Cloud Monitoring gives: foreign. */
  incident: string;
};

/** An incident that is going on. Texts are foreign: quote them before they are shown. */
export type CpuOpened = AboutIncident & {
  state: 'open';
  /** When the condition was first met. */
  at: Time;
  /** By names that passed the platform's grammar. Without a cluster nothing can act on it. */
  target: Target;
  /** The controller of the container, where the incident tells of it. */
  controller?: { kind: string; name: string };
  shape: CpuShape;
  policy: string;
  condition: string;
  metric: string;
  /** In the unit of the metric, mostly a fraction of 1. */
  observed?: number;
  threshold?: number;
  /** What could not be read, in sentences that go into the finding. */
  doubts: readonly string[];
};

/** The end of an incident: no evidence of anything, and no reason to undo anything. */
export type CpuClosed = AboutIncident & { state: 'closed'; endedAt?: Time };

/** What a Cloud Monitoring incident says of CPU use. */
export type CpuSignal = CpuOpened | CpuClosed;
