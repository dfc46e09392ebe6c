export type StopReason = 'goal' | 'halt' | 'lease';

/**
 * The guard's no: the run must not send what it was about to send. `goal`: the incident is to become something else;
 * `halt`: nobody changes anything; `lease`: another run has taken over. Not a fault: nothing is delivered again for it.
 */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly reason: StopReason;
  constructor(reason: StopReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A dry run met the first change that it would have sent. */
export class WouldSend extends Error {
  override readonly name = 'WouldSend';
}
