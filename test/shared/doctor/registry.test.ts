import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { CHECKS } from '../../../shared/doctor/registry.ts';

describe('the checks of firebreak doctor', () => {
  it('are the files of their folder, each under its own name and with a test file', () => {
    const files = readdirSync(new URL('../../../shared/doctor/checks/', import.meta.url)).map((file) =>
      file.replace(/\.ts$/, ''),
    );
    assert.deepEqual(CHECKS.map(({ id }) => id).toSorted(), files.toSorted());
    const tests = readdirSync(new URL('checks/', import.meta.url)).map((file) => file.replace(/\.test\.ts$/, ''));
    assert.deepEqual(tests.toSorted(), files.toSorted());
  });

  it('describe themselves in a sentence, and name the role that reading a project takes', () => {
    for (const { id, does, role, about } of CHECKS) {
      assert.match(does, /^[A-Za-z].*\.$/, id);
      if (about.includes('project') && id !== 'operator') assert.match(role ?? '', /^roles\//, id);
    }
  });
});
