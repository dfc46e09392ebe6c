import { hash } from 'node:crypto';
import type { WorldLog } from '../log.ts';
import type { Quota } from './quota.ts';
import type {
  RawDisk,
  RawFirewall,
  RawGroup,
  RawInstance,
  RawManaged,
  RawNetwork,
  RawOperation,
  RawPolicy,
  RawSnapshot,
} from './resources.ts';
import type { Script } from './script.ts';

/** Durations in this world, in ms. They may be changed while the world runs. */
type Durations = {
  /** From acceptance to RUNNING, and from RUNNING to DONE. */
  pending: number;
  running: number;
  /** From a snapshot's operation being DONE to the snapshot being READY. */
  snapshot: number;
  /** From a group's operation being DONE to its members being as requested. */
  group: number;
};

/** The whole state of the simulated Compute Engine, keyed by partial URL (`projects/p1/zones/z/instances/n`). */
export type ComputeState = {
  /** The world's time in ms. While overdue work runs, this is the time at which the work was due. */
  time(): number;
  /** 128 bits in hex. */
  random(): string;
  log: WorldLog;
  durations: Durations;
  instances: Map<string, RawInstance>;
  disks: Map<string, RawDisk>;
  snapshots: Map<string, RawSnapshot>;
  groups: Map<string, GroupState>;
  networks: Map<string, RawNetwork>;
  firewalls: Map<string, RawFirewall>;
  /** Policies besides the VPC rules. With `network` (partial URL): only for interfaces in that network. */
  policies: Array<{ network?: string; policy: RawPolicy }>;
  operations: Map<string, RawOperation>;
  /** Why no group can make a VM, such as a zone without capacity; groups go on trying. */
  stockout?: { code: string; message: string } | undefined;
  /** Times in ms at which snapshots of a disk began, by disk id. */
  snapshotTimes: Map<string, number[]>;
  /** Partial URLs of resources that an accepted operation is about to create. */
  reserved: Set<string>;
  scripts: Script[];
  /** If undefined, no call is refused because there were too many. */
  quota: Quota | undefined;
  /** The most items on one page of a listing, whatever the request asks for. */
  pageLimit: number;
  /** Permissions by identity. If undefined, every caller may do everything. */
  iam: Map<string, readonly string[]> | undefined;
  /** Project ids by project number, since `created-by` names a project by its number. */
  projects: Map<string, string>;
  /** Every call that reached the service, with the permissions it needed and the HTTP status of its answer. */
  calls: Array<{ at: number; actor: string; method: string; permissions: readonly string[]; status: number }>;
  /** For each `PROJECT REQUEST_ID`: the operation that it began, the request, and when it is forgotten. */
  requests: Map<string, { operation: string; asked: unknown; until: number }>;
  later(delay: number, run: () => void): void;
  /** Runs the work that is due, ordered by due time. */
  settle(): void;
};

/** A group with its members; `template` makes the VM of a new member. */
export type GroupState = {
  raw: RawGroup;
  members: RawManaged[];
  zones: string[];
  template: (name: string, zone: string) => RawInstance;
  /** Replaces a member's VM that was deleted without the group. */
  missing(instance: RawInstance): void;
};

/** An empty world. */
export const makeState = (given: { now(): number; random(): string; log: WorldLog }): ComputeState => {
  const due: Array<{ at: number; run: () => void }> = [];
  let acting: number | undefined;
  const time = () => acting ?? given.now();
  return {
    time,
    random: given.random,
    log: given.log,
    durations: { pending: 200, running: 800, snapshot: 5_000, group: 1_000 },
    instances: new Map(),
    disks: new Map(),
    snapshots: new Map(),
    groups: new Map(),
    networks: new Map(),
    firewalls: new Map(),
    policies: [],
    snapshotTimes: new Map(),
    reserved: new Set(),
    scripts: [],
    quota: undefined,
    pageLimit: 500,
    iam: undefined,
    projects: new Map(),
    calls: [],
    operations: new Map(),
    requests: new Map(),
    later: (delay, run) => {
      due.push({ at: time() + delay, run });
    },
    settle: () => {
      if (acting !== undefined) return;
      const now = given.now();
      for (;;) {
        const next = due.reduce<(typeof due)[number] | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
        if (next === undefined || next.at > now) return;
        due.splice(due.indexOf(next), 1);
        acting = next.at;
        try {
          next.run();
        } finally {
          acting = undefined;
        }
      }
    },
  };
};

/** The start of a full URL. */
export const ROOT = 'https://www.googleapis.com/compute/v1/';

/** The partial URL for a full or partial URL. */
export const partial = (url: string): string =>
  url.replace(/^https:\/\/(www|compute)\.googleapis\.com\/compute\/(v1|beta|alpha)\//, '');

/** A new resource id: an unsigned 64-bit number in decimal, as long as real ids. */
export const newId = (state: ComputeState): string =>
  (1_000_000_000_000_000_000n + (BigInt(`0x${state.random().slice(0, 15)}`) % 8_000_000_000_000_000_000n)).toString();

/** A fingerprint of content: equal content has an equal fingerprint. */
export const fingerprintOf = (content: unknown): string =>
  hash('sha256', JSON.stringify(content), 'buffer').subarray(0, 8).toString('base64');

/** A time in the form of Compute Engine: with an offset, not in UTC. */
export const stampOf = (ms: number): string => new Date(ms - 8 * 3_600_000).toISOString().replace('Z', '-08:00');

/** A project's number: generated from its id, always the same. */
export const projectNumber = (state: ComputeState, project: string): string => {
  const digest = hash('sha256', project, 'buffer');
  const number = (100_000_000_000n + (digest.readBigUInt64BE() % 900_000_000_000n)).toString();
  state.projects.set(number, project);
  return number;
};
