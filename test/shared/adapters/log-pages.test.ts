import { strict as assert } from 'node:assert';
import { readLogPages } from '../../../shared/adapters/log-pages.ts';
import { Transient } from '../../../shared/errors.ts';

describe('readLogPages', () => {
  it('asks until there is enough, however short the pages are', async () => {
    const asked: unknown[] = [];
    const found = await readLogPages('logs', 3, async (pageToken) => {
      asked.push(pageToken);
      return { entries: pageToken === 'a' ? [] : [1, 2], nextPageToken: pageToken === undefined ? 'a' : 'b' };
    });
    assert.deepEqual(found, [1, 2, 1, 2]);
    assert.deepEqual(asked, [undefined, 'a', 'b']);
  });

  it('ends with the last page, and takes no page for an empty one', async () => {
    assert.deepEqual(await readLogPages('logs', 3, async () => ({ entries: [1], nextPageToken: '' })), [1]);
    assert.deepEqual(await readLogPages('logs', 3, async () => undefined), []);
  });

  it('throws Transient if ten pages were empty and the search goes on', async () => {
    const entries = async () => ({ nextPageToken: 'a' });
    await assert.rejects(
      readLogPages('logs', 3, entries),
      new Transient('logs: nothing found yet, and the search goes on'),
    );
  });
});
