import { ComputeFault } from './fault.ts';
import type { ComputeState } from './state.ts';

/** A scripted failure. `ms` in milliseconds. */
export type Trouble =
  | { kind: 'refuse'; status: number; reason: string; message?: string }
  /** The call never arrives. */
  | { kind: 'lose-call' }
  /** The change is accepted, but its answer is lost. */
  | { kind: 'lose-reply' }
  /** The call is accepted with 200, but its operation fails. */
  | { kind: 'fail-operation'; code: string; status: number; message?: string }
  /** The operation takes this much longer. */
  | { kind: 'slow'; ms: number };

/**
 * Trouble for calls of one method (`Instances.SetTags`, or `*` for all). Skips the first `after` calls, then applies
 * `times` times (default 1).
 */
export type Script = Trouble & { method: string; actor?: string; after?: number; times?: number };

/** A call or a reply was lost on the way, so there is no HTTP answer. */
export class Lost extends Error {
  override readonly name = 'Lost';
}

/** The troubles that apply to this call. Each is counted as used. */
export const troublesOf = (state: ComputeState, name: string, actor: string): Trouble[] => {
  const met: Trouble[] = [];
  for (const script of state.scripts) {
    if (script.method !== '*' && script.method !== name) continue;
    if (script.actor !== undefined && script.actor !== actor) continue;
    if (script.after !== undefined && script.after > 0) {
      script.after -= 1;
      continue;
    }
    const left = script.times ?? 1;
    if (left <= 0) continue;
    script.times = left - 1;
    met.push(script);
  }
  state.scripts = state.scripts.filter((script) => (script.times ?? 1) > 0);
  return met;
};

/** Throws for a trouble that keeps the call from being processed. */
export const beforeCall = (troubles: readonly Trouble[]): void => {
  for (const trouble of troubles) {
    if (trouble.kind === 'lose-call') throw new Lost('socket hang up');
    if (trouble.kind === 'refuse') {
      const usage = /Exceeded$/.test(trouble.reason) ? 'usageLimits' : 'global';
      throw new ComputeFault(trouble.status, trouble.reason, trouble.message ?? trouble.reason, usage);
    }
  }
};
