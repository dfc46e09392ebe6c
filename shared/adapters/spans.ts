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

/** What records spans. `agoMs`: a span that began before now. */
export type Recorder = {
  begin(name: string, of: SpanStart & { agoMs?: number }): Begun;
  flush(): Promise<void> | undefined;
};

/** Records nothing: it hands on ids alone, so that all lines of one incident carry one trace. */
export const idsOnly: Recorder = {
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

/** Spans of one process; what runs at the same time is told apart. */
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
