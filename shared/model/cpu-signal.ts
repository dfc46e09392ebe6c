import type { Target } from './target.ts';
import type { Time } from './time.ts';

/**
 * The course of CPU use, rising: only above a threshold; flat for 15 minutes; flat at 90 % or more; flat for an hour, at
 * whatever level; that at 90 % or more. An incident holds one sample: a shape is known where the policy's condition tests
 * it, or from the series itself.
 */
export const CPU_SHAPES = ['threshold', 'plateau', 'strong-plateau', 'plateau-hour', 'strong-plateau-hour'] as const;
export type CpuShape = (typeof CPU_SHAPES)[number];

/** What the samples of a window come to. All but `minutes` in the unit of the series, a fraction of 1. */
export type Course = {
  minutes: number;
  mean: number;
  /** Standard deviation by mean. */
  variation: number;
  /** Between the 5th and the 95th of a hundred samples. */
  spread: number;
  /** Rise in ten minutes, by least squares; negative for a fall. */
  slope: number;
  low: number;
};

/** The shape of a series with the course it was read from; or why there was none to read, in a sentence. */
export type Looked = { shape: CpuShape; course: Course } | { unread: string };

/** What a miner's pod shows by how it is set up, in sentences; the first list that has any says most. */
export type MinerSigns = { runs: readonly string[]; image: readonly string[]; name: readonly string[] };

/** What Cloud Monitoring and the cluster say around an incident, asked before the rules are. */
export type CpuContext = {
  series: Looked;
  /** Why honest work may look like this, in sentences: any one lowers what the use is worth. */
  honest: readonly string[];
  /** What makes it stand out. */
  telling: ReadonlyArray<{ what: 'new' | 'alone' | 'outside-pods'; says: string }>;
  signs: MinerSigns;
  /** What else is told: what could not be asked, whose alert this was. */
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
  /** The node that is a VM, as Cloud Monitoring names the VM. */
  hostName?: string;
  /** What could not be read, in sentences that go into the finding. */
  doubts: readonly string[];
  /** What was found around it; undefined where nobody has looked. */
  context?: CpuContext;
};

/** The end of an incident: no evidence of anything, and no reason to undo anything. */
export type CpuClosed = AboutIncident & { state: 'closed'; endedAt?: Time };

/** What a Cloud Monitoring incident says of CPU use. */
export type CpuSignal = CpuOpened | CpuClosed;
