import { Transient } from '../shared/errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * An AbortSignal that aborts on SIGINT (Ctrl-C), SIGTERM or SIGHUP, so that started parts can be stopped. Works until
 * disposed.
 */
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
