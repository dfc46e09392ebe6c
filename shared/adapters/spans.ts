import { AsyncLocalStorage } from 'node:async_hooks';
import type { SpanFacts, SpanStart, Spans } from '../spans.ts';
import type { TraceContext } from '../trace.ts';
import { randomHex } from './random.ts';

/** A span that has begun. */
export type Begun = {
  context: TraceContext;
  event(name: string, facts: SpanFacts): void;
  end(failed?: unknown): void;
};

/** Records spans. `agoMs`: the span began this many ms ago. */
export type Recorder = {
  begin(name: string, of: SpanStart & { agoMs?: number }): Begun;
  flush(): Promise<void> | undefined;
};

/** Records nothing and only passes ids on, so that all log lines of one incident carry the same trace. */
const idsOnly: Recorder = {
  begin: (_, { parent }) => ({
    context: {
      traceId: parent?.traceId ?? randomHex(),
      spanId: randomHex().slice(16),
    },
    event: () => undefined,
    end: () => undefined,
  }),
  flush: () => undefined,
};

/** The spans of one process. Work that runs at the same time is kept apart. */
export const makeSpans = (recorder: Recorder = idsOnly): Spans => {
  const running = new AsyncLocalStorage<Begun>();
  return {
    span: async (name, start, work) => {
      const begun = recorder.begin(name, { parent: running.getStore()?.context, ...start });
      try {
        const value = await running.run(begun, work);
        begun.end();
        return value;
      } catch (thrown) {
        begun.end(thrown);
        throw thrown;
      }
    },
    past: (name, ms, facts) => {
      const parent = running.getStore()?.context;
      if (parent !== undefined) recorder.begin(name, { parent, facts, agoMs: ms }).end();
    },
    recorded: recorder !== idsOnly,
    event: (name, facts) => running.getStore()?.event(name, facts),
    current: () => running.getStore()?.context,
    flush: () => recorder.flush(),
  };
};
