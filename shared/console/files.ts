import { hash } from 'node:crypto';
import { ICON } from './icon.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** A file of the console that is the same for every visitor. */
type StaticFile = { type: string; body: string };

const FILES: Readonly<Record<string, StaticFile>> = {
  '/style.css': { type: 'text/css; charset=utf-8', body: STYLE },
  '/console.js': { type: 'text/javascript; charset=utf-8', body: SCRIPT },
  '/icon.svg': { type: 'image/svg+xml; charset=utf-8', body: ICON },
};
/** Changes with every file: a page names it, so that a browser never shows it with files of another release. */
export const VERSION = hash('sha256', STYLE + SCRIPT + ICON).slice(0, 12);

/** The file at a path; undefined where there is none. */
export const fileAt = (path: string): StaticFile | undefined => (Object.hasOwn(FILES, path) ? FILES[path] : undefined);
