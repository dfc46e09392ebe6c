import type { Incident } from '../model/incident.ts';
import type { RuleLookup } from './html/findings-list.ts';
import { between, durationText } from './time.ts';
import { beginningOf, progressOf } from './timeline.ts';

/** What happened, in a few words: the rule title of the finding with the highest confidence. */
export const happenedText = ({ findings }: Incident, ruleOf: RuleLookup): string => {
  const [first] = findings.toSorted((a, b) => b.confidence - a.confidence);
  return first === undefined ? 'An operator asked for it' : (ruleOf(first.rule)?.title ?? first.rule);
};

/** Counts of what was done, and how long after the first sighting the last step ended. */
export const doneText = (incident: Incident): string => {
  const { done, proven, trouble, left, undone } = progressOf(incident);
  const parts = [
    ...(done === 0 ? [] : [`${done} done, ${proven} proven`]),
    ...(undone === 0 ? [] : [`${undone} taken back`]),
    ...(trouble === 0 ? [] : [`${trouble} failed, refused or held`]),
    ...(left === 0 ? [] : [`${left} to do`]),
  ];
  const last = incident.journal
    .flatMap((e) => e.endedAt ?? [])
    .toSorted()
    .at(-1);
  if (parts.length === 0) return 'Nothing was changed';
  const took =
    last === undefined || left > 0
      ? ''
      : `, ${durationText(between(beginningOf(incident), last))} after it was first seen`;
  return `${parts.join(' · ')}${took}`;
};

/** A number of bytes for people. */
export const sizeText = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
};
