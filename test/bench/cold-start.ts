import { type Subject, start } from './start.ts';

/** Sends a first request to a function that has just begun to listen. */
export type Ask = (url: string) => Promise<void>;

/** ms from the start of a process to its first answer. */
export const coldStart = async (subject: Subject, ask: Ask): Promise<number> => {
  const began = performance.now();
  const started = await start(subject);
  try {
    await ask(started.url);
    return performance.now() - began;
  } finally {
    await started.stop();
  }
};
