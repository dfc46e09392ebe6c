import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { reportOf } from '../../../shared/containment/report.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { incidentText } from '../../../shared/views/incident-text.ts';
import { plainPalette } from '../../../shared/views/palette.ts';
import { staysValidOf } from '../../../shared/views/stays-valid.ts';
import { contained } from './fixtures.ts';

const REVOKE = { ends: 'every token of the service account', command: 'kubectl -n shop delete serviceaccount cart' };

/** The incident with the evidence of two pods that share a service account. */
const known = (incident: Incident = contained()): Incident => {
  const entry = (uid: string): Entry => ({
    step: 'capture-evidence',
    subject: `shop/${uid}#objects`,
    uid,
    state: 'applied',
    startedAt: incident.openedAt,
    endedAt: incident.openedAt,
    proof: 'proven',
    rev: 1,
    revoke: [REVOKE],
  });
  return { ...incident, journal: [...incident.journal, entry('a'), entry('b')] };
};

describe('what stays valid', () => {
  it('lists each command once, however many pods share an identity', () => {
    assert.deepEqual(staysValidOf(known()), [REVOKE]);
  });

  it('is shown below the timeline of an incident, with the commands', () => {
    const text = incidentText(known(), { palette: plainPalette, columns: 100, now: 0 });
    assert.match(
      text,
      /What stays valid, and the command that ends it:\n {2}To end every token of the service account:\n {4}kubectl -n shop delete serviceaccount cart\n/,
    );
    assert.doesNotMatch(incidentText(contained(), { palette: plainPalette, columns: 100, now: 0 }), /stays valid/);
  });

  it('is in the notice of what was carried out, and not in that of a release', () => {
    const incident = known();
    const goal = {
      rev: 1,
      tier: 'isolate',
      by: 'policy',
      mode: 'act',
      at: incident.openedAt,
      requested: false,
    } as const;
    assert.ok(reportOf(incident, goal, []).lines.includes(`$ ${REVOKE.command}`));
    const released = { ...goal, tier: 'released' } as const;
    assert.ok(!reportOf(incident, released, []).lines.includes(`$ ${REVOKE.command}`));
    assert.deepEqual(staysValidOf({ ...incident, state: 'released' }), []);
  });

  it('contains no control character of stored text', () => {
    const revoke = [{ ends: 'a\u001b[2J', command: 'b\u0007' }];
    const journal = known().journal.map((e) => ({ ...e, revoke }));
    const [shown] = staysValidOf({ ...contained(), journal });
    assert.doesNotMatch(JSON.stringify(shown), /\\u001b|\\u0007/);
  });
});
