import { styleText } from 'node:util';
import { type Palette, plainPalette } from '../shared/views/palette.ts';
import type { Io } from './io.ts';

const ink =
  (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan') =>
  (text: string): string =>
    styleText(style, text, { validateStream: false });

const colours: Palette = {
  bold: ink('bold'),
  dim: ink('dim'),
  red: ink('red'),
  yellow: ink('yellow'),
  green: ink('green'),
  cyan: ink('cyan'),
};

/** A palette with escape sequences if the Io allows them, else one without. */
export const paletteOf = (io: Pick<Io, 'colour'>): Palette => (io.colour ? colours : plainPalette);
