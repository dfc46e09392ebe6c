import { AsyncLocalStorage } from 'node:async_hooks';
import { type LogEntry, logLine, type TracedLog } from '../log.ts';
import type { Clock } from '../ports.ts';

/** The line that ends an event, which is answered after it. */
const LAST = 'envelope -> acknowledged';

/**
 * One JSON object per line, as Cloud Logging picks it up; `project` makes traces resource names. `write` takes whole lines,
 * and is told which of them must not wait: warnings, errors, and the one that ends an event. What a process that is killed
 * had not written is of an event that comes again.
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
