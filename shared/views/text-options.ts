import type { RequestRecord } from '../model/request.ts';
import type { Palette } from './palette.ts';

/**
 * Options for texts. `now` is in ms since the epoch. `next: false` leaves out the next commands, for outputs where
 * nobody can type them. `project`: the project for those commands; undefined for the stack on this machine.
 */
export type TextOptions = {
  palette: Palette;
  columns: number;
  now: number;
  next?: boolean;
  project?: string | undefined;
  /** What operators asked for, where it was read. */
  requests?: readonly RequestRecord[];
};
