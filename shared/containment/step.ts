import type { Scope } from '../decision/playbooks.ts';
import type { StepSubject } from '../decision/step-subjects.ts';
import type { KubeObject } from '../kubernetes/object.ts';
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
 * Result of reading the before-image. `already`: the world is as the step would make it, which counts as done and as
 * proven, unless there are `doubts`, which are asked for then; `gone`: nothing is left to change; `refused`: the step
 * must not be done. `deadlineMs`: how long the step may take. `until`: when contain undoes the change by itself, also
 * if it is only half done by then. `anew`: the object carries our mark before anything was sent, so that the mark tells
 * nothing.
 */
export type Captured =
  | { outcome: 'captured'; before: Before; deadlineMs?: number; until?: Time; anew?: true }
  | { outcome: 'already'; because: string; doubts?: () => Promise<readonly string[]> }
  | { outcome: 'gone' | 'refused'; because: string };

/**
 * Result of a change. `pending`: `apply` is called again after `wakeMs`, and finds `operation` in its entry. `until`:
 * when contain undoes the change by itself. `revoke`: rights that stay valid, listed for people. A result of `capture`:
 * others have changed the object since the before-image was read, and nothing of ours has reached it. `apply` is called
 * again with what was captured instead, or the step is over.
 */
export type Applied =
  | { outcome: 'applied'; because?: string; until?: Time; revoke?: readonly Revocation[] }
  | { outcome: 'pending'; wakeMs: number; because: string; operation?: string; requestId?: string }
  | { outcome: 'failed'; because: string }
  | Captured;

/** Result of checking the world for the change. */
export type Verified = { proof: 'proven' | 'not proven'; because?: string };

/** The result of a check that has found these doubts, in sentences: one of them is enough. */
export const provenUnless = (doubts: readonly string[]): Verified =>
  doubts.length === 0 ? { proof: 'proven' } : { proof: 'not proven', because: doubts.join('; ') };

/**
 * Result of taking a change back. `pending`: `undo` is called again after `wakeMs`. `given-up`: what was sent for it was
 * refused for good, so the change still stands, and whoever makes it again needs its before-image.
 */
export type Undone =
  | { outcome: 'undone' | 'not-undoable'; because?: string }
  | { outcome: 'given-up'; because: string }
  | { outcome: 'pending'; wakeMs: number; because: string; operation?: string };

/** Another incident that holds the same change, and the mark that the change must carry for it. */
export type Keeper = { id: string; mark: string };

/**
 * Another incident whose mark a change bears: it is `open`; it is released, and has yet to take the change back
 * (`ending`); or its release is through with it (`through`).
 */
export type Bearer = { id: string; is: 'open' | 'ending' | 'through' };

/**
 * Everything a step works with. Every send through `write` and `computeWrite` passes the run's guard first; `evidence`
 * keeps copies and changes nothing, so it needs no guard.
 */
export type StepContext<S extends StepSubject = StepSubject> = {
  incident: Incident;
  subject: S;
  entry: Entry;
  /** The mark written beside a change, by which we know it as ours: the id of the incident, or of the host document. */
  mark: string;
  /** In a dry run the step reads as usual, and ends at the first change that it would have sent. */
  dry: boolean;
  /**
   * Others have changed the object before each of several tries: who can write it may do so for ever. What is sent then
   * holds for the object with this UID, whatever else of it has changed since it was read.
   */
  insists: boolean;
  now(): number;
  /** Settles when this many milliseconds have passed. */
  after(ms: number): Promise<void>;
  /** The journal that holds this step's entry: what earlier steps found and did. */
  journal(): readonly Entry[];
  /** The incidents, neither released nor closed, that hold the pod or VM with this id; this one included. */
  holdersOf(id: string): Promise<string[]>;
  /**
   * The before-image of a step in the incident (on this subject) or shared document with this mark, where there is one.
   */
  imageOf(step: StepId, mark: string | undefined): Promise<Before | undefined>;
  /** Another open incident whose own change by this step is in force on this subject, if there is one. */
  keeperOf(step: StepId): Promise<Keeper | undefined>;
  /** The other incident that has made this step's change on this subject under this mark, unless it was closed. */
  bearerOf(step: StepId, mark: string): Promise<Bearer | undefined>;
  /** The incidents that hold this subject's shared document now, this one included; closed ones are left out. */
  holders(): Promise<readonly string[]>;
  /** Whether another of them does. */
  isHeldBeside(): Promise<boolean>;
  /** The other incidents whose goals are to hold this subject's VM, and that may not have begun. */
  arriving(): Promise<readonly string[]>;
  /** The closed incidents, and expired ones, that are still among the holders of this subject's shared document. */
  formerHolders(): Promise<readonly string[]>;
  /** The settings that the operators of this deployment made for the steps. */
  settings: StepSettings;
  read: ClusterReader;
  write: ClusterWriter;
  describe(): Promise<ClusterDescription>;
  compute: ComputeReader;
  computeWrite: ComputeWriter;
  /** The bindings that name a service account of a namespace. */
  bindingsOf(namespace: string, account: string): Promise<KubeObject[]>;
  evidence: Evidence;
  log: Log;
};

export type SubjectOf<S extends Scope> = Extract<StepSubject, { scope: S }>;

/** A Kubernetes permission as RBAC writes it; `ownNamespace`: needed only in the namespace of our own pods. */
export type RbacRule = { group: string; resource: string; verbs: readonly string[]; ownNamespace?: true };

/**
 * One idempotent change to the world. `capture` reads the before-image, once; `apply` may be called any number of
 * times with the same image, and gives a newer one where the object was changed before anything was sent; `verify`
 * checks the world; `undo` restores the image where our mark still stands.
 */
export type StepOn<S extends Scope> = {
  id: StepId;
  /** What the step does, in one sentence, for the record and the reference pages. */
  does: string;
  /** The document that keeps the entry: the incident, or the hosts document that several incidents may share. */
  journal: 'incident' | 'host';
  /** `false` for steps that leave nothing to undo: those that keep evidence, and kill-container. */
  undoable: boolean;
  /**
   * Called when the step is done again under another goal: combines the stored before-image with a newly read one.
   * A step without `refresh` works from the stored image alone.
   */
  refresh?(before: Before, now: Before): Before;
  /**
   * Why the step would do nothing for a subject, whoever has done it there already: such an incident does not join what
   * another one did. undefined where it would do something.
   */
  refuses?(subject: SubjectOf<S>): string | undefined;
  /**
   * How the step goes with its neighbours in the plan that go the same way. `alongside`: in parallel, since it only keeps
   * evidence and stops nothing that runs. `ahead`: it looks and stores its before-image in parallel, and verifies in
   * parallel, but sends only once those before it have sent.
   */
  pace?: 'alongside' | 'ahead';
  /** How many items like the one on this subject may be worked on at once, where the step has a pace; default: one. */
  atOnce?(subject: string): number;
  /** `optIn`: IAM permissions that the step needs only with a certain setting; no role has them unless that is set. */
  permissions: { iam: readonly string[]; rbac: readonly RbacRule[]; optIn?: readonly string[] };
  capture(context: StepContext<SubjectOf<S>>): Promise<Captured>;
  apply(context: StepContext<SubjectOf<S>>, before: Before): Promise<Applied>;
  verify(context: StepContext<SubjectOf<S>>, before: Before): Promise<Verified>;
  undo(context: StepContext<SubjectOf<S>>, before: Before): Promise<Undone>;
};

/** A step on the subjects of one scope. */
export type StepOf<S extends Scope> = StepOn<S> & { scope: S };

/** A step on each pod of an incident, and on each node that none of these pods is on. */
export type StepOfPodOrNode = StepOn<'pod' | 'node'> & { scope: 'pod'; bareNodes: true };

export type Step = { [S in Scope]: StepOf<S> }[Scope] | StepOfPodOrNode;
