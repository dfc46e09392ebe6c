import type { Transition } from '../../local/world/log.ts';
import { tierRank } from '../../shared/model/ids.ts';
import { type Invariant, ours } from './ended.ts';

const MINUTE_MS = 60_000;
/**
 * A run keeps the policy that its process has read. It walks for minutes, and its calls and operations take a while.
 */
const AFTER_MS = 12 * MINUTE_MS;

/** Whether a change keeps evidence, which every tier does. */
const keeps = ({ object }: Transition): boolean => object.startsWith('snapshots ');

const INVESTIGATE = 'firebreak-investigate';
/** Whether a change ends an investigation access, which happens at its time under every policy. */
const ends = ({ object, change }: Transition): boolean =>
  object.includes(INVESTIGATE) || JSON.stringify(change['tags.items']?.from ?? '').includes(INVESTIGATE);

/**
 * 4: nothing is changed above the policy in force, even by a plan that was made before. Plays with a release are not
 * checked.
 */
const policy: Invariant = ({ stage }) =>
  stage.seen.policies.flatMap(({ from, to, most, dry }) => {
    const after = from + AFTER_MS;
    const isLess = dry || tierRank(most) < tierRank('delete-host');
    const isReleased = stage.seen.words.some(({ goal }) => goal.tier === 'released');
    if (!isLess || isReleased) return [];
    return ours(stage)
      .filter((t) => t.at > after && t.at < to && (dry || !keeps(t)) && !ends(t))
      .map((t) => `4: ${t.object} was changed ${t.at - from} ms after the policy allowed ${dry ? 'nothing' : most}`);
  });

/** What must hold when the policy changes during a play. */
export const POLICIES: readonly Invariant[] = [policy];
