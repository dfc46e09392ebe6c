import { AsyncLocalStorage } from 'node:async_hooks';
import { type LogEntry, logLine, type TracedLog } from '../log.ts';
import type { Clock } from '../ports.ts';

/**
 * One JSON object per line, as Cloud Logging picks it up. `write` takes whole lines; `project` makes traces resource
 * names.
 */
export const makeStdoutLog = (options: {
  function: string;
  project: string;
  clock: Pick<Clock, 'now'>;
  write: (line: string) => void;
}): TracedLog => {
  const traces = new AsyncLocalStorage<string | undefined>();
  const put = (entry: Omit<LogEntry, 'at' | 'function' | 'project' | 'trace'>): void => {
    const { project, clock, write } = options;
    write(`${logLine({ ...entry, at: clock.now(), function: options.function, project, trace: traces.getStore() })}\n`);
  };
  return {
    info: (arrow, message, fields) => put({ severity: 'INFO', arrow, message, fields }),
    warn: (arrow, message, fields) => put({ severity: 'WARNING', arrow, message, fields }),
    error: (arrow, message, fields) => put({ severity: 'ERROR', arrow, message, fields }),
    count: (metric, message, fields) => put({ severity: 'WARNING', metric, message, fields }),
    within: (trace, work) => traces.run(trace, work),
  };
};
