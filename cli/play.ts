import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BusKind } from '../local/bus.ts';
import type { Scenario } from '../local/scenarios/scenario.ts';
import type { StackOptions } from '../local/stack.ts';
import type { World } from '../local/world/world.ts';
import type { Incident } from '../shared/model/incident.ts';
import type { Bus, Stores } from '../shared/ports.ts';
import { targetText } from '../shared/views/target.ts';
import type { Progress } from './progress.ts';

/** The parts of a running stack that a scenario needs. */
type PlayedStack = Bus & {
  world: World;
  stores: Pick<Stores, 'incidents'>;
  idle(): Promise<void>;
  stop(): Promise<void>;
};
/** Starts a stack, of which whoever starts it may need more. */
export type StartStack<Started = PlayedStack> = (
  options: Pick<StackOptions, 'dir' | 'policy' | 'rules'> & { pubsub: BusKind; signal: AbortSignal },
) => Promise<Started>;

type PlayOptions = {
  startStack: StartStack;
  pubsub: BusKind;
  timeoutMs: number;
  progress: Progress;
  /** Ends the play: the stack is stopped and its folder removed. */
  signal: AbortSignal;
};

const POLL_MS = 100;
/** How long, in ms, to wait for the last messages after the story has ended: a run may go on watching for minutes. */
const LAST_MS = 5_000;

/**
 * Plays a scenario on its own stack in its own folder, so that two plays never interfere. Resolves with the final
 * incidents, and with what the scenario's expected end lacks. If something is missing, the folder is kept and named.
 * Throws if the stack does not start, or if `signal` ends the play.
 */
export const play = async (
  scenario: Scenario,
  { startStack, pubsub, timeoutMs, progress, signal }: PlayOptions,
): Promise<{ incidents: Incident[]; missing: string[] }> => {
  const dir = await mkdtemp(join(tmpdir(), 'firebreak-demo-'));
  progress.doing('starting bus, functions and simulated cloud');
  const { policy } = scenario;
  // If the stack does not start, its error names files in the folder, so the folder is kept.
  let kept = true;
  try {
    const stack = await startStack({ dir, pubsub, signal, ...(policy === undefined ? {} : { policy }) });
    kept = false;
    try {
      progress.done(`Everything runs on this machine. ${scenario.title}:`);
      for (const sentence of scenario.story) progress.done(sentence);
      const ended = await run(scenario, stack, { timeoutMs, progress, signal });
      kept = ended.missing.length > 0;
      const missing = kept ? [...ended.missing, `the logs are in ${join(dir, 'logs')}`] : [];
      return { ...ended, missing };
    } finally {
      progress.doing('stopping');
      await stack.stop();
    }
  } finally {
    progress.end();
    if (!kept || signal.aborted) await rm(dir, { recursive: true, force: true });
  }
};

const run = async (
  scenario: Scenario,
  stack: PlayedStack,
  { timeoutMs, progress, signal }: Pick<PlayOptions, 'timeoutMs' | 'progress' | 'signal'>,
): Promise<{ incidents: Incident[]; missing: string[] }> => {
  for (const { afterMs, topic, body, attributes } of scenario.events(stack.world, Date.now())) {
    await pause(afterMs, signal);
    await stack.publish(topic, body, attributes);
  }
  const until = Date.now() + timeoutMs;
  for (;;) {
    const incidents = (await stack.stores.incidents.list({})).items;
    const missing = scenario.missing(incidents);
    if (missing.length === 0) {
      // Messages still on their way (notices, a last write) belong to the end.
      const left = Math.max(0, Math.min(LAST_MS, until - Date.now()));
      await Promise.race([stack.idle(), sleep(left, undefined, { ref: false })]);
      return { incidents: (await stack.stores.incidents.list({})).items, missing };
    }
    if (Date.now() > until) return { incidents, missing };
    progress.doing(incidents.length === 0 ? 'the signal is on its way' : incidents.map(briefly).join(', '));
    await pause(POLL_MS, signal);
  }
};

/** Throws the signal's reason, an error with a sentence, if the signal ends the pause. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());

/** One line about an incident: `pod shop/cart-7d9f: containing, cordon-node`. */
const briefly = (i: Incident): string => {
  const last = i.journal.at(-1);
  return `${targetText(i.target)}: ${i.state}${last === undefined ? '' : `, ${last.step} ${last.state}`}`;
};
