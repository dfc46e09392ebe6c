import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../local/scenarios/scenario.ts';
import type { World } from '../local/world/world.ts';
import type { Incident } from '../shared/model/incident.ts';
import type { Bus, Stores } from '../shared/ports.ts';
import { targetText } from '../shared/views/target.ts';
import type { Progress } from './progress.ts';

/** What a scenario needs of a running stack. */
export type PlayedStack = Bus & {
  world: World;
  stores: Pick<Stores, 'incidents'>;
  idle(): Promise<void>;
  stop(): Promise<void>;
};
export type StartStack = (options: {
  dir: string;
  pubsub: 'embedded' | 'emulator';
  policy?: string;
}) => Promise<PlayedStack>;

export type PlayOptions = {
  startStack: StartStack;
  pubsub: 'embedded' | 'emulator';
  timeoutMs: number;
  progress: Progress;
  /** Ends the play: the stack is stopped and its folder removed. */
  signal: AbortSignal;
};

const POLL_MS = 100;
/** How long the last messages of an ended story are waited for: a run may go on watching for minutes. */
const LAST_MS = 5_000;

/**
 * Plays a scenario on a stack of its own, in a folder of its own, so that two of them never meet. Gives the incidents
 * as they were at the end, and what is missing from the end that the scenario expects. The folder is kept, and named,
 * where something is missing. Throws where the stack does not start, and where `signal` ends it.
 */
export const play = async (
  scenario: Scenario,
  { startStack, pubsub, timeoutMs, progress, signal }: PlayOptions,
): Promise<{ incidents: Incident[]; missing: string[] }> => {
  const dir = await mkdtemp(join(tmpdir(), 'firebreak-demo-'));
  progress.doing('starting bus, functions and simulated cloud');
  const { policy } = scenario;
  // Where the stack does not start, its error names files in the folder.
  let kept = true;
  try {
    const stack = await startStack({ dir, pubsub, ...(policy === undefined ? {} : { policy }) });
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
    if (!kept) await rm(dir, { recursive: true, force: true });
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
      // What is still on its way (notices, a last write) belongs to the end.
      const left = Math.max(0, Math.min(LAST_MS, until - Date.now()));
      await Promise.race([stack.idle(), sleep(left, undefined, { ref: false })]);
      return { incidents: (await stack.stores.incidents.list({})).items, missing };
    }
    if (Date.now() > until) return { incidents, missing };
    progress.doing(incidents.length === 0 ? 'the signal is on its way' : incidents.map(briefly).join(', '));
    await pause(POLL_MS, signal);
  }
};

/** Throws the signal's own reason, a sentence, where it ends the pause. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());

/** `pod shop/cart-7d9f: containing, cordon-node`. */
const briefly = (i: Incident): string => {
  const last = i.journal.at(-1);
  return `${targetText(i.target)}: ${i.state}${last === undefined ? '' : `, ${last.step} ${last.state}`}`;
};
