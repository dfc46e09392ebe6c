import { AsyncLocalStorage } from 'node:async_hooks';
import domain from 'node:domain';

type Failed = (error: unknown) => void;

/** For each running request, the callback that answers it with an error, wherever in its work the error occurs. */
const requests = new AsyncLocalStorage<Failed>();

/** The methods of a domain that functions-framework uses. */
const create = () => {
  let failed: Failed | undefined;
  return {
    on: (_event: 'error', listener: Failed): void => {
      failed = listener;
    },
    run: (work: () => void): void => (failed === undefined ? work() : requests.run(failed, work)),
  };
};

/**
 * The active domain, with the methods that functions-framework and Node.js use. Node.js hands it unhandled rejections
 * first.
 */
const running = {
  bind: <T>(work: T): T => work,
  // Node.js enters the process's domain around a callback of the process itself.
  enter: (): void => {},
  exit: (): void => {},
  emit: (_event: 'error', reason: unknown): boolean => {
    const failed = requests.getStore();
    if (failed === undefined) return process.emit('unhandledRejection', reason, Promise.resolve());
    failed(reason);
    return true;
  },
};

/**
 * Gives functions-framework domains that cost nothing. It runs each request in a domain of `node:domain`, for which
 * Node.js follows every promise of the process with hooks and with the garbage collector: a third of a function's work
 * under load, and much of its memory. These domains use AsyncLocalStorage and keep the one purpose of a domain here: an
 * unhandled rejection is reported to the request that caused it, which is answered with an error, so that its event is
 * delivered again.
 *
 * An error thrown outside of any promise (in a listener, a timer) ends the process instead, as it does outside of a
 * request; the events that the process was handling are delivered again. May be called more than once.
 */
export const lightenDomains = (): void => {
  Object.assign(domain, { create });
  Object.assign(process, { domain: running });
};
