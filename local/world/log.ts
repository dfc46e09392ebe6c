/** One change of the simulated world's state. Invariants are checked against these, never against the journal. */
export type Transition = {
  /** ms since the epoch, by the world's clock. */
  at: number;
  api: 'kubernetes' | 'compute';
  /** The actor: one of Firebreak's identities, a controller's name, or a stranger. */
  actor: string;
  verb: string;
  /** `Pod shop/cart-7d9f` or `instances europe-west1-b/gke-c1-pool-1`. */
  object: string;
  uid: string;
  /** Values before and after, by path; only real changes. */
  change: Record<string, { from: unknown; to: unknown }>;
};

/** The world's own log. Records only changes of state; a call that changed nothing leaves no record. */
export type WorldLog = {
  record(transition: Transition): void;
  entries(): readonly Transition[];
  by(actor: string): readonly Transition[];
};

/** An empty log. */
export const makeWorldLog = (): WorldLog => {
  const transitions: Transition[] = [];
  return {
    record: (transition) => {
      if (Object.keys(transition.change).length > 0) transitions.push(transition);
    },
    entries: () => transitions,
    by: (actor) => transitions.filter((t) => t.actor === actor),
  };
};
