import { haltedText } from '../decision/under-halt.ts';
import type { Goal } from '../model/decision.ts';
import type { HaltRecord } from '../model/records.ts';

export type StopReason = 'goal' | 'halt' | 'lease';

/**
 * Thrown by the guard: the run must not send what it was about to send. `goal`: the goal, or what it covers or may do,
 * has changed; `halt`: no change is sent at all; `lease`: another run has taken over. Not a fault: no message is
 * delivered again for it.
 */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly reason: StopReason;
  constructor(reason: StopReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Throws Stopped under a halt that does not exempt this goal. `halt`: the record of halts, undefined if there is none. */
export const stopUnderHalt = (halt: HaltRecord | undefined, goal: Goal): void => {
  const halted = haltedText(halt, goal);
  if (halted !== undefined) throw new Stopped('halt', halted);
};

/**
 * What a piece of work gives, or the fault by which it failed, where other work is to go on all the same.
 *
 * @throws Stopped: that ends everything.
 */
export const unlessFaulty = async <T>(work: () => Promise<T>): Promise<{ got?: T; fault?: unknown }> => {
  try {
    return { got: await work() };
  } catch (fault) {
    if (fault instanceof Stopped) throw fault;
    return { fault };
  }
};

/** Thrown at the first change that a dry run would have sent; the message says which. */
export class WouldSend extends Error {
  override readonly name = 'WouldSend';
}

/** Ends a step's dry run, with words for what it would have changed. */
export const would = async (what: string): Promise<never> => {
  throw new WouldSend(what);
};
