import { worstFirst } from '../decision/exemplars.ts';
import { heldBecause } from '../decision/state.ts';
import type { Ask } from '../model/decision.ts';
import type { Incident } from '../model/incident.ts';
import type { RuleLookup } from './html/findings-list.ts';
import { progressOf } from './progress.ts';

/**
 * What happened, in a few words: the rule title of the most severe finding, and of these the one with the highest
 * confidence.
 */
export const happenedText = ({ findings }: Incident, ruleOf: RuleLookup): string => {
  const [first] = findings.toSorted(worstFirst);
  return first === undefined ? 'Requested by an operator' : (ruleOf(first.rule)?.title ?? first.rule);
};

/** Counts of what was done, and how long after the first sighting the last step ended. */
export const doneText = (incident: Incident): string => {
  const { parts, took } = progressOf(incident);
  if (parts.length === 0) return 'Nothing was changed';
  return `${parts.map(({ text }) => text).join(' · ')}${took === undefined ? '' : `; ${took}`}`;
};

/** What a report asks of its reader beside the open question; `Nothing` where nothing is asked at all. */
export const leftToDoText = (incident: Pick<Incident, 'state' | 'held' | 'goal' | 'journal'>, asked?: Ask): string => {
  const { state, held, journal } = incident;
  if (state === 'failed') return 'To do by hand what failed: the commands stand below, with each step';
  if (held !== undefined && asked?.lifts !== true) return `To look at what holds it: ${heldBecause(incident)}`;
  if (asked !== undefined) return '';
  return state === 'released' && journal.some((e) => e.state === 'not-undoable')
    ? 'To look at what could not be undone: it stands below, under what remains'
    : 'Nothing';
};

/** A number of bytes for people. */
export const sizeText = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
};
