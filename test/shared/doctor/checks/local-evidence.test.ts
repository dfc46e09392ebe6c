import { strict as assert } from 'node:assert';
import { localEvidence } from '../../../../shared/doctor/checks/local-evidence.ts';

describe('firebreak doctor: local-evidence', () => {
  it('reports whether evidence can be written, with a command that quotes any path', () => {
    assert.deepEqual(localEvidence.judge({ path: "/it's here", writable: true }), [
      { status: 'ok', subject: "/it's here", says: 'can be written to' },
    ]);
    assert.deepEqual(localEvidence.judge({ path: "/it's here", writable: false }), [
      { status: 'fail', subject: "/it's here", says: 'cannot be written to', next: "ls -ld '/it'\\''s here'" },
    ]);
  });
});
