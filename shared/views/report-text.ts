import type { Incident } from '../model/incident.ts';
import type { RuleLookup } from './html/findings-list.ts';
import { progressOf } from './timeline.ts';

/** What happened, in a few words: the surest finding, by the title of its rule. */
export const happenedText = ({ findings }: Incident, ruleOf: RuleLookup): string => {
  const [first] = findings.toSorted((a, b) => b.confidence - a.confidence);
  return first === undefined ? 'Requested by an operator' : (ruleOf(first.rule)?.title ?? first.rule);
};

/** What was done, counted, and how long that took. */
export const doneText = (incident: Incident): string => {
  const { parts, took } = progressOf(incident);
  if (parts.length === 0) return 'Nothing was changed';
  return `${parts.map(({ text }) => text).join(' · ')}${took === undefined ? '' : `; ${took}`}`;
};

/** A number of bytes as one reads it. */
export const sizeText = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
};
