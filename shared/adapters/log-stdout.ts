import { AsyncLocalStorage } from 'node:async_hooks';
import { type LogEntry, logLine, type TracedLog } from '../log.ts';
import type { Clock } from '../ports.ts';

/** The last line about an event; the event is answered after it. */
const LAST = 'envelope -> acknowledged';

/**
 * Logs one JSON object per line, in the format that Cloud Logging reads; `project` is needed to write traces as
 * resource names. `write` takes whole lines, and is told which of them must not wait: warnings, errors, and the last
 * line about an event. Lines that a killed process had not written belong to an event that is delivered again.
 */
export const makeStdoutLog = (options: {
  function: string;
  project: string;
  clock: Pick<Clock, 'now'>;
  write: (line: string, isLast: boolean) => void;
}): TracedLog => {
  const traces = new AsyncLocalStorage<string | undefined>();
  const put = (entry: Omit<LogEntry, 'at' | 'function' | 'project' | 'trace'>): void => {
    const { project, clock, write } = options;
    const line = logLine({ ...entry, at: clock.now(), function: options.function, project, trace: traces.getStore() });
    write(`${line}\n`, entry.severity !== 'INFO' || entry.arrow === LAST);
  };
  return {
    info: (arrow, message, fields) => put({ severity: 'INFO', arrow, message, fields }),
    warn: (arrow, message, fields) => put({ severity: 'WARNING', arrow, message, fields }),
    error: (arrow, message, fields) => put({ severity: 'ERROR', arrow, message, fields }),
    count: (metric, message, fields) => put({ severity: 'WARNING', metric, message, fields }),
    within: (trace, work) => traces.run(trace, work),
  };
};
