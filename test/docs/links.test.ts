import { strict as assert } from 'node:assert';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../scripts/steps.ts';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md', { cwd: ROOT }),
];
const LINK = /\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g;
/** A path of this repository, without a placeholder in capitals or a pattern. */
const PATH = /`((?:cli|config|docs|functions|local|scripts|shared|terraform|test)\/[\w./-]+)`/g;

const textOf = (page: string): string =>
  readFileSync(join(ROOT, page), 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/^ {4}.*$/gm, '');

/** The anchors that GitHub makes of the headings of a page. */
const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );

/** Why a link of a page leads nowhere; empty if it does not. */
const wrongLink = (page: string, to: string, anchor: string | undefined): string[] => {
  if (/^https?:/.test(to)) return [];
  const target = to === '' ? page : join(dirname(page), to);
  const isThere = existsSync(join(ROOT, target)) && (anchor === undefined || anchorsOf(target).includes(anchor));
  return isThere ? [] : [`${page}: ${to}${anchor === undefined ? '' : `#${anchor}`}`];
};

const wrongIn = (page: string, text: string): string[] =>
  [...text.replace(/`[^`\n]*`/g, '').matchAll(LINK)].flatMap(([, to = '', anchor]) => wrongLink(page, to, anchor));

describe('the links in the documentation', () => {
  it('lead to existing files and headings', () => {
    assert.deepEqual(
      PAGES.flatMap((page) => wrongIn(page, textOf(page))),
      [],
    );
  });

  it('would fail this test if they were wrong', () => {
    assert.deepEqual(wrongIn('docs/cli.md', '[a](nothing.md) [b](deploy.md#nothing) [c](deploy.md#acting)'), [
      'docs/cli.md: nothing.md',
      'docs/cli.md: deploy.md#nothing',
    ]);
  });
});

describe('the paths in the documentation', () => {
  it('name existing files', () => {
    const wrong = PAGES.flatMap((page) =>
      [...textOf(page).matchAll(PATH)].flatMap(([, path = '']) =>
        /[A-Z]{2}/.test(path) || existsSync(join(ROOT, path)) ? [] : [`${page}: ${path}`],
      ),
    );
    assert.deepEqual(wrong, []);
  });
});
