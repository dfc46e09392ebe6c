import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, launch, type Page } from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const pathOf = (): string => {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  if (found === undefined) throw new Error('Chromium is not on the PATH');
  return found;
};

/**
 * Starts the Chromium on the PATH, without a window. As root it runs without a sandbox, since only pages of these tests
 * are opened.
 */
export const startBrowser = (): Promise<Browser> =>
  launch({
    executablePath: pathOf(),
    headless: true,
    args: ['--disable-gpu', '--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });

/** A page, and the unexpected things it did. */
export type Watched = { page: Page; elsewhere: string[]; troubles: string[]; dialogs: string[] };

/**
 * Opens a page in a browser context of its own, and records requests to other origins, errors of any kind, and dialogs.
 */
export const openWatched = async (browser: Browser, origin: string, width = 1280, height = 900): Promise<Watched> => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width, height });
  const watched: Watched = { page, elsewhere: [], troubles: [], dialogs: [] };
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) watched.elsewhere.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') watched.troubles.push(message.text());
  });
  page.on('pageerror', (error) => watched.troubles.push(String(error)));
  page.on('dialog', (dialog) => {
    watched.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  return watched;
};
