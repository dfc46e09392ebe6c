import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { NOTIFIERS } from '../../../shared/notifiers/registry.ts';

describe('the notifiers', () => {
  it('are the files of their folder, each under its own name', () => {
    const files = readdirSync(new URL('../../../shared/notifiers/', import.meta.url))
      .filter((file) => file !== 'registry.ts' && file !== 'notifier.ts')
      .map((file) => file.replace(/\.ts$/, ''));
    assert.deepEqual(NOTIFIERS.map((one) => one.id).toSorted(), files.toSorted());
  });
});
