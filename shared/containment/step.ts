import type { StepSubject } from '../decision/plan.ts';
import type { Scope } from '../decision/playbooks.ts';
import type { ComputeReader, ComputeWriter } from '../model/compute.ts';
import type { Entry, Revocation } from '../model/entry.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { Time } from '../model/time.ts';
import type { ClusterDescription, ClusterReader, ClusterWriter, Evidence, Log } from '../ports.ts';
import type { StepSettings } from './settings.ts';

/** The state of the world that `undo` restores; JSON, kept in the journal. */
export type Before = Record<string, unknown>;

/**
 * What reading the before-image gave. `already`: the world is as the step would make it, which counts as done;
 * `gone`: there is nothing left to change; `refused`: it must not be done, and why.
 */
export type Captured =
  | { outcome: 'captured'; before: Before; deadlineMs?: number }
  | { outcome: 'already' | 'gone' | 'refused'; because: string };

/**
 * What a change gave. `pending` is asked again after `wakeMs`, with `operation` kept for it. With `until` the change is
 * undone by itself when that time has come; `revoke` is kept for people.
 */
export type Applied =
  | { outcome: 'applied'; because?: string; until?: Time; revoke?: readonly Revocation[] }
  | { outcome: 'pending'; wakeMs: number; because: string; operation?: string; requestId?: string }
  | { outcome: 'gone' | 'refused' | 'failed'; because: string };

/** What asking the world gave. */
export type Verified = { proof: 'proven' | 'not proven'; because?: string };

/** What taking a change back gave. `pending` is asked again after `wakeMs`. */
export type Undone =
  | { outcome: 'undone' | 'not-undoable'; because?: string }
  | { outcome: 'pending'; wakeMs: number; because: string; operation?: string };

/**
 * What a step is handed. Every send through `write` and `computeWrite` passes the run's guard first; `evidence` keeps
 * copies and changes nothing, so it needs none.
 */
export type StepContext<S extends StepSubject = StepSubject> = {
  incident: Incident;
  subject: S;
  entry: Entry;
  /** What we write beside a change to know it as ours: the id of the incident, or of the host document. */
  mark: string;
  /** A dry run: reads as ever, and ends at the first change it would have sent. */
  dry: boolean;
  now(): number;
  /** Settles when this many milliseconds have passed. */
  after(ms: number): Promise<void>;
  /** The other entries of the journal that this step's entry stands in: what an earlier step found and did. */
  journal(): readonly Entry[];
  /** The open incidents that hold a pod or VM by this id, other than those that hold this subject's host. */
  holdersOf(id: string): Promise<string[]>;
  /** The incidents that hold this subject's shared document now, this one included; those that are closed are left out. */
  holders(): Promise<readonly string[]>;
  /** What the operators of this deployment set for the steps. */
  settings: StepSettings;
  read: ClusterReader;
  write: ClusterWriter;
  describe(): Promise<ClusterDescription>;
  compute: ComputeReader;
  computeWrite: ComputeWriter;
  evidence: Evidence;
  log: Log;
};

export type SubjectOf<S extends Scope> = Extract<StepSubject, { scope: S }>;

/** A Kubernetes permission as RBAC writes it; `ownNamespace`: only in the namespace that our own pods run in. */
export type RbacRule = { group: string; resource: string; verbs: readonly string[]; ownNamespace?: true };

/**
 * One idempotent change to the world. `capture` reads the before-image, once; `apply` may be called any number of
 * times with the same image; `verify` asks the world; `undo` restores the image where our mark still stands.
 */
export type StepOf<S extends Scope> = {
  id: StepId;
  scope: S;
  /** For the record and the references: what it does, in one sentence. */
  does: string;
  /** Where the entry lives: with the incident, or with the hosts document that several incidents may share. */
  journal: 'incident' | 'host';
  /** `false` for steps that leave nothing to undo (evidence). */
  undoable: boolean;
  /**
   * Where it is done again under another goal: the image that it has, with what a new look at the world gives. Without, the old
   * one alone is worked from.
   */
  refresh?(before: Before, now: Before): Before;
  /** It keeps what is there and stops nothing that runs: it goes at the same time as its neighbours in the plan that do so too. */
  alongside?: true;
  /** `optIn`: IAM permissions that only a setting makes it need; no role has them unless it is set. */
  permissions: { iam: readonly string[]; rbac: readonly RbacRule[]; optIn?: readonly string[] };
  capture(context: StepContext<SubjectOf<S>>): Promise<Captured>;
  apply(context: StepContext<SubjectOf<S>>, before: Before): Promise<Applied>;
  verify(context: StepContext<SubjectOf<S>>, before: Before): Promise<Verified>;
  undo(context: StepContext<SubjectOf<S>>, before: Before): Promise<Undone>;
};

export type Step = { [S in Scope]: StepOf<S> }[Scope];

/** A step with its subject fitted in, so that the run need not know scopes. */
export type BoundStep = {
  step: Step;
  subject: StepSubject;
  capture(context: StepContext): Promise<Captured>;
  apply(context: StepContext, before: Before): Promise<Applied>;
  verify(context: StepContext, before: Before): Promise<Verified>;
  undo(context: StepContext, before: Before): Promise<Undone>;
};

const fitted = <S extends Scope>(step: StepOf<S> & Step, subject: SubjectOf<S> & StepSubject): BoundStep => ({
  step,
  subject,
  capture: (context) => step.capture({ ...context, subject }),
  apply: (context, before) => step.apply({ ...context, subject }, before),
  verify: (context, before) => step.verify({ ...context, subject }, before),
  undo: (context, before) => step.undo({ ...context, subject }, before),
});

/** Fits a step to a subject of its own scope; undefined where the scopes differ. */
export const bind = (step: Step, subject: StepSubject): BoundStep | undefined => {
  if (step.scope === 'pod' && subject.scope === 'pod') return fitted<'pod'>(step, subject);
  if (step.scope === 'node' && subject.scope === 'node') return fitted<'node'>(step, subject);
  if (step.scope === 'namespace' && subject.scope === 'namespace') return fitted<'namespace'>(step, subject);
  if (step.scope === 'workload' && subject.scope === 'workload') return fitted<'workload'>(step, subject);
  return undefined;
};
