import type { Entry } from '../model/entry.ts';
import { plain } from '../text.ts';

/** Characters of the reasons of a journal at most, and of the commands that revoke rights. */
const REASONS = 32 * 1024;
const REVOCATIONS = 16 * 1024;
/** Characters of one reason at most: the first of these with which all of them have room, or the last. */
const LENGTHS = [2_000, 1_000, 500, 250, 120] as const;
const SHORTEST = 120;

const lengthOf = ({ because = '' }: Entry): number => because.length;

/** The longest that a reason may be, for all of them to have room. */
const mostOf = (journal: readonly Entry[]): number =>
  LENGTHS.find((most) => journal.reduce((sum, e) => sum + Math.min(lengthOf(e), most), 0) <= REASONS) ?? SHORTEST;

const shortened = (e: Entry, most: number): Entry =>
  e.because === undefined || e.because.length <= most ? e : { ...e, because: plain(e.because, most) };

/** The journal with its first revocations, as many as have room; the exhibits have them all. */
const withRevocations = (journal: readonly Entry[]): Entry[] => {
  let room = REVOCATIONS;
  return journal.map((e) => {
    if (e.revoke === undefined) return e;
    const kept = e.revoke.filter(({ ends, command }) => {
      room -= ends.length + command.length;
      return room >= 0;
    });
    const { revoke, ...rest } = e;
    if (kept.length === revoke.length) return e;
    return kept.length === 0 ? rest : { ...rest, revoke: kept };
  });
};

/**
 * A journal of which all reasons have room in its document, the longest cut off. Others write what a reason names: ten
 * thousand pods on a node, policies, finalizers or containers. A document that is too large could no longer be written:
 * neither would its steps go on, nor could they be undone.
 */
export const inRoom = (journal: readonly Entry[]): Entry[] => {
  const most = mostOf(journal);
  return withRevocations(journal.map((e) => shortened(e, most)));
};
