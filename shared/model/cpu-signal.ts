import type { Target } from './target.ts';
import type { Time } from './time.ts';

/**
 * Shapes of CPU use, the strongest evidence last: only above a threshold; flat for 15 minutes at 60 % or more; the same
 * at 90 % or more; flat for an hour at 60 % or more; the same at 90 % or more. An incident holds one sample, so its
 * shape is known only if the condition of its alerting policy tests for the shape, or from the series itself.
 */
export const CPU_SHAPES = ['threshold', 'plateau', 'strong-plateau', 'plateau-hour', 'strong-plateau-hour'] as const;
export type CpuShape = (typeof CPU_SHAPES)[number];

/** Statistics of a window of samples. All but `minutes` and `variation` are fractions of 1, as the series is. */
export type Course = {
  minutes: number;
  mean: number;
  /** Standard deviation divided by the mean. */
  variation: number;
  /** Distance between the 5th and the 95th percentile. */
  spread: number;
  /** Rise in ten minutes, by least squares; negative for a fall. */
  slope: number;
  low: number;
};

/** The shape of a series and the course that it was derived from; or a sentence that says why neither could be read. */
export type Looked = { shape: CpuShape; course: Course } | { unread: string };

/** Signs of a miner in a pod's spec, in sentences. The first list that is not empty weighs most. */
export type MinerSigns = {
  runs: readonly string[];
  image: readonly string[];
  /** What miners have, and others too. */
  words: readonly string[];
  name: readonly string[];
};

/** What Cloud Monitoring and the cluster tell about the circumstances of an incident, read before the rules run. */
export type CpuContext = {
  series: Looked;
  /** Honest explanations of the CPU use, in sentences. Any one of them lowers the confidence. */
  honest: readonly string[];
  /** Circumstances that make the CPU use stand out. */
  telling: ReadonlyArray<{ what: 'new' | 'alone' | 'outside-pods'; says: string }>;
  signs: MinerSigns;
  /** Further sentences for the finding: what could not be read, and which node or VM the alert was on. */
  notes: readonly string[];
};

type AboutIncident = {
  kind: 'cpu';
  /** Id of the source that read it. */
  source: string;
  /** The same for every notification about one incident, opened, repeated and closed: 32 hex digits. */
  event: string;
  /** The id that Cloud Monitoring gives: foreign. */
  incident: string;
};

/** An incident that is open. Texts are foreign: quote them before they are shown. */
export type CpuOpened = AboutIncident & {
  state: 'open';
  /** When the condition was first met. */
  at: Time;
  /** Its names were checked against the platform's grammar. Without a cluster nothing can act on the target. */
  target: Target;
  /** The controller of the container, if the incident names it. */
  controller?: { kind: string; name: string };
  shape: CpuShape;
  policy: string;
  condition: string;
  metric: string;
  /** In the unit of the metric, mostly a fraction of 1. */
  observed?: number;
  threshold?: number;
  /** The node that is a VM, as Cloud Monitoring names the VM. */
  hostName?: string;
  /** What could not be read, in sentences that go into the finding. */
  doubts: readonly string[];
  /** The circumstances of the incident; undefined if they were not read. */
  context?: CpuContext;
};

/** The end of an incident: no evidence of anything, and no reason to undo anything. */
export type CpuClosed = AboutIncident & { state: 'closed'; endedAt?: Time };

/** What a Cloud Monitoring incident says about CPU use. */
export type CpuSignal = CpuOpened | CpuClosed;
