import type { Trouble as CloudTrouble } from '../../local/world/compute/script.ts';
import { FAULTS } from '../../local/world/kubernetes/faults.ts';
import { CONTAIN, type Kit } from '../kit/containment.ts';
import type { Chance } from './chance.ts';
import type { Trouble } from './process.ts';

/** Troubles that Compute Engine may cause for a call of ours that would otherwise succeed. */
const CLOUD: readonly CloudTrouble[] = [
  { kind: 'refuse', status: 429, reason: 'rateLimitExceeded' },
  { kind: 'refuse', status: 403, reason: 'quotaExceeded' },
  { kind: 'refuse', status: 403, reason: 'forbidden' },
  { kind: 'refuse', status: 412, reason: 'conditionNotMet' },
  { kind: 'refuse', status: 503, reason: 'backendError' },
  { kind: 'lose-call' },
  { kind: 'lose-reply' },
  { kind: 'fail-operation', code: 'RESOURCE_NOT_READY', status: 400 },
  { kind: 'fail-operation', code: 'QUOTA_EXCEEDED', status: 403 },
  { kind: 'slow', ms: 45_000 },
];

/** An operation that takes longer than anything that waits for it. */
const VERY_SLOW = { kind: 'slow', ms: 180_000 } as const;

/** Troubles fall on one of this many first calls, counted from the beginning of the play. */
const MOST_CALLS = 150;

/**
 * Gives the cloud of a play its own pace and its troubles: operations that fail after an answer of 200, quotas,
 * refusals, and a busy API server. A play without `denied` trouble has only the pace and, rarely, a very slow
 * operation.
 */
export const scriptTrouble = (kit: Kit, chance: Chance, later: Chance, { denied }: Trouble): { clear(): void } => {
  const { state } = kit.world.compute;
  state.durations.snapshot = chance.between(2_000, 90_000);
  state.durations.running = chance.between(200, 6_000);
  if (later.happens(0.15))
    state.scripts.push({ ...VERY_SLOW, method: '*', actor: CONTAIN, after: later.between(0, MOST_CALLS) });
  const { faults } = kit.cluster;
  if (denied > 0) {
    for (let n = chance.between(1, 8); n > 0; n -= 1)
      state.scripts.push({
        ...chance.pick(CLOUD),
        method: '*',
        actor: CONTAIN,
        after: chance.between(0, MOST_CALLS),
        times: chance.between(1, 2),
      });
    for (let n = chance.between(0, 3); n > 0; n -= 1)
      faults.add({
        verb: chance.pick(['get', 'list', 'patch', 'create', 'delete', 'evict']),
        times: chance.between(1, 3),
        fault: chance.pick(FAULTS),
      });
  }
  return {
    clear: () => {
      state.scripts = [];
      faults.clear();
    },
  };
};
