import type { Transition } from '../../local/world/log.ts';
import { type Ended, hostIds, type Invariant, ours } from './ended.ts';
import { ENDINGS } from './invariants-endings.ts';
import { LIMITS } from './invariants-limits.ts';
import { WORDS } from './invariants-words.ts';

/** Sizes go up and down with every node that leaves and comes; the service itself counts them. */
const COUNTED = ['targetSize'];

const told = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** The changes, of those made by us, that set a field to what we had set it to last, a sentence each. */
export const repeated = (changes: readonly Transition[]): string[] => {
  const last = new Map<string, unknown>();
  return changes.flatMap((t) =>
    Object.entries(t.change).flatMap(([path, { to }]) => {
      if (COUNTED.includes(path)) return [];
      const key = `${t.uid} ${path}`;
      const again = last.has(key) && told(last.get(key)) === told(to);
      last.set(key, to);
      return again ? [`1: ${t.object} ${path} was set to ${told(to)} twice`] : [];
    }),
  );
};

/** 1: set at most once and undone at most once, in turns, whatever strangers did between. */
const once: Invariant = ({ stage }) => repeated(ours(stage));

/** 1: a group is never made smaller than the nodes that left it by us; nobody loses a node by a resize. */
const neverDown: Invariant = ({ stage }) =>
  ours(stage).flatMap((t) =>
    t.verb === 'resize' && Number(t.change.targetSize?.to) < Number(t.change.targetSize?.from)
      ? [`1: ${t.object} was resized down`]
      : [],
  );

/** 2: no controller is deleted before every disk is safe, unless what is stopped was to be stopped first. */
const gated: Invariant = ({ stage }) =>
  stage.seen.deletions.flatMap(({ transition, open }) =>
    open.length === 0 ? [] : [`2: ${transition.object} was deleted while not safe: ${open.join(', ')}`],
  );

const isOurPod = (t: Transition): boolean => t.object.startsWith('Pod firebreak/');

/** 3: nothing is touched but pods, nodes and VMs that some incident holds by UID or instance id. */
const identity: Invariant = ({ stage, incidents }: Ended) => {
  const pods = new Set(incidents.flatMap((i) => i.subjects.map((s) => s.uid)));
  const hosts = new Set(incidents.flatMap(hostIds));
  return ours(stage).flatMap((t) => {
    if (t.object.startsWith('Node ')) return hosts.has(t.uid) ? [] : [`3: ${t.object} is no incident's node`];
    if (t.object.startsWith('instances '))
      return hosts.has(t.uid) || t.verb === 'createInstances' ? [] : [`3: ${t.object} (${t.uid}) is no incident's VM`];
    if (t.object.startsWith('Pod ') && t.verb === 'patch' && !isOurPod(t))
      return pods.has(t.uid) ? [] : [`3: ${t.object} is no incident's pod`];
    return [];
  });
};

export const INVARIANTS: readonly Invariant[] = [once, neverDown, gated, identity, ...LIMITS, ...WORDS, ...ENDINGS];
