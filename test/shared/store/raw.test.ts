import { strict as assert } from 'node:assert';
import { Conflict } from '../../../shared/errors.ts';
import { lostRace } from '../../../shared/store/raw.ts';

describe('store/raw', () => {
  it('says of a lost compare-and-set what is stored, and what to do', () => {
    const created = lostRace('heads', 'a', null);
    assert.ok(created instanceof Conflict);
    assert.equal(created.message, 'heads/a exists already: read it and merge.');
    assert.equal(lostRace('heads', 'a', 3).message, 'heads/a is no longer at revision 3: read it again and merge.');
  });
});
