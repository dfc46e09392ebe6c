/** One change of the simulated world's state: what the invariants are held against, never the journal. */
export type Transition = {
  /** ms since the epoch, by the world's clock. */
  at: number;
  api: 'kubernetes' | 'compute';
  /** Who asked: an identity of ours, a controller's name, or a stranger. */
  actor: string;
  verb: string;
  /** `Pod shop/cart-7d9f` or `instances europe-west1-b/gke-c1-pool-1`. */
  object: string;
  uid: string;
  /** Path to values before and after; only what really changed. */
  change: Record<string, { from: unknown; to: unknown }>;
};

/** The world's own log: only changes of state are recorded, a call that changed nothing is not one. */
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
