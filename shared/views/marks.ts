import type { IncidentState } from '../model/notice.ts';
import type { Palette } from './palette.ts';
import type { Happening } from './timeline.ts';

type Ink = keyof Palette;

/** How each kind of happening is shown: a symbol, a word with the same meaning, and a colour. */
export const MARKS: Readonly<Record<Happening, readonly [symbol: string, word: string, ink: Ink]>> = {
  seen: ['▲', 'seen', 'yellow'],
  decided: ['◆', 'decided', 'cyan'],
  requested: ['▶', 'requested', 'cyan'],
  waiting: ['·', 'to do', 'dim'],
  applying: ['◐', 'doing', 'cyan'],
  pending: ['◌', 'pending', 'cyan'],
  applied: ['✔', 'done', 'green'],
  skipped: ['–', 'skipped', 'dim'],
  refused: ['⊘', 'refused', 'yellow'],
  failed: ['✖', 'failed', 'red'],
  held: ['‖', 'held', 'yellow'],
  'dry-run': ['~', 'dry run', 'dim'],
  undone: ['↺', 'undone', 'green'],
  'not-undoable': ['!', 'not undone', 'red'],
};

export const STATE_INK: Readonly<Record<IncidentState, Ink>> = {
  open: 'yellow',
  asking: 'yellow',
  containing: 'cyan',
  contained: 'green',
  failed: 'red',
  released: 'dim',
  closed: 'dim',
};
