/** How a view colours text. It is a parameter, so that one view can write to a terminal, a file or a chat. */
export type Palette = {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
};

const same = (text: string): string => text;

/** No colour at all. */
export const plainPalette: Palette = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same };
