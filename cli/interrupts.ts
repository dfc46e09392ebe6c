import { Transient } from '../shared/errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal that aborts on Ctrl-C and its like, so that what was started can be stopped. Until it is disposed of. */
export const watchInterrupts = (): Disposable & { signal: AbortSignal } => {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new Transient('interrupted.'));
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
};
