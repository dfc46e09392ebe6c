import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Incident } from '../../../shared/model/incident.ts';
import { incidentText } from '../../../shared/views/incident-text.ts';
import { plainPalette } from '../../../shared/views/palette.ts';
import { contained, entry, hostile, isolating, releasedByHand, T0 } from './fixtures.ts';

const options = { palette: plainPalette, columns: 100, now: T0 + 120_000 };

/**
 * Compares `text` with the golden file. With `UPDATE_GOLDEN=1` it writes the file first, for a person to review and
 * commit.
 */
const golden = (name: string, text: string): void => {
  const file = new URL(`golden/${name}.txt`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${text}\n`);
  assert.equal(`${text}\n`, readFileSync(file, 'utf8'));
};

describe('incidentText', () => {
  const cases: ReadonlyArray<[name: string, incident: Incident, now: number]> = [
    ['contained', contained(), T0 + 120_000],
    ['isolating', isolating(), T0 + 120_000],
    ['released-by-hand', releasedByHand(), T0 + 7_300_000],
    ['hostile', hostile(), T0 + 120_000],
  ];
  for (const [name, incident, now] of cases) {
    it(`equals golden/${name}.txt`, () => {
      golden(name, incidentText(incident, { ...options, now }));
    });
    it(`stays within 100 columns: ${name}`, () => {
      const long = incidentText(incident, { ...options, now })
        .split('\n')
        .filter((line) => line.length > 100);
      assert.deepEqual(long, []);
    });
  }

  it('says what an incident is within the narrowest screen, and that the figure is the confidence', () => {
    for (const columns of [80, 60, 40]) {
      const text = incidentText(contained(), { ...options, columns });
      const head = text.slice(0, text.indexOf('\n\n')).split('\n');
      assert.match(head.join('\n'), /confidence 0\.90/);
      assert.deepEqual(
        head.filter((line) => line.length > columns),
        [],
        `at ${columns}`,
      );
    }
  });

  it('says after a close where the commands are that take back what is left, if anything is', () => {
    const { goal } = contained();
    assert.ok(goal !== null);
    const closed = contained({ state: 'closed', goal: { ...goal, tier: 'closed' } });
    const line = `To take back by hand what it has left in force: firebreak report ${closed.id} --format md --project p1`;
    const said = (incident: Incident): string[] => incidentText(incident, { ...options, project: 'p1' }).split('\n');
    assert.ok(said(closed).includes(line));
    const journal = closed.journal.map((e) => ({ ...e, takenBy: 'i-2' }));
    assert.ok(!said({ ...closed, journal }).includes(line));
  });

  it('removes from hostile text what moves a cursor, ends a line or changes the reading direction', () => {
    const text = incidentText(hostile(), options);
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    assert.ok(text.split('\n').every((line) => !line.startsWith('firebreak: released')));
  });

  it('says of a failed containment where the commands are that do it by hand, and still asks what is asked', () => {
    const failed = { ...isolating(), state: 'failed' } as const;
    const lines = incidentText(failed, { ...options, project: 'p1' }).split('\n');
    const at = lines.indexOf('To do by hand what failed: firebreak report shop-cart-3f2a-2 --format md --project p1');
    assert.ok(at > 0);
    assert.match(lines[at + 1] ?? '', /^[?] Approve delete-workload[?]/);
    assert.doesNotMatch(incidentText(isolating(), options), /by hand/);
  });

  it('takes its colours from the palette', () => {
    const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const palette = {
      bold: mark('b'),
      dim: mark('d'),
      red: mark('r'),
      yellow: mark('y'),
      green: mark('g'),
      cyan: mark('c'),
    };
    const text = incidentText(contained(), { ...options, palette });
    assert.match(text, /<b><r>HIGH<\/r><\/b>/);
    assert.match(text, /<g>✔ done/);
  });

  it('gives sentences the width of a narrow terminal', () => {
    const lines = incidentText(contained(), { ...options, columns: 60 }).split('\n');
    assert.ok(lines.includes('    ana@example.com ran `bash -i >&'));
    const begin = lines.indexOf('') + 1;
    const sentences = lines.slice(begin, lines.indexOf('', begin)).filter((line) => line.startsWith('    '));
    assert.ok(sentences.length > 0 && sentences.every((line) => line.length <= 60), sentences.join('\n'));
  });

  it('has no empty line in the timeline of a narrow terminal, also where a step has no proof', () => {
    const { journal, ...rest } = contained();
    const unproven = { ...rest, journal: journal.map((e) => ({ ...e, proof: null, subject: 'a'.repeat(30) })) };
    const [, timeline = ''] = incidentText(unproven, { ...options, columns: 40 }).split('\n\n');
    assert.deepEqual(
      timeline.split('\n').filter((line) => line.trim() === ''),
      [],
    );
    assert.ok(timeline.includes('a'.repeat(30)));
  });

  it('says how far a plan is, and what is asked, within a narrow terminal', () => {
    const widest = (incident: Incident, said: RegExp): number => {
      const lines = incidentText(incident, { ...options, now: T0, columns: 40 }).split('\n');
      const from = lines.findIndex((line) => said.test(line));
      assert.ok(from > 0);
      return Math.max(...lines.slice(from, from + 2).map(({ length }) => length));
    };
    assert.ok(widest(contained(), /^\d+ steps? done/) <= 40);
    assert.ok(widest(isolating(), /^[?] Approve/) <= 40);
  });

  it('does not break the command that a step gives', () => {
    const because =
      'gcloud compute ssh gke-c1-pool-1-0a1b --project=p1 --zone=europe-west1-b --tunnel-through-iap # until 2026-11-03T04:12:04Z';
    const opened = contained({ journal: [entry('open-investigation-access', 0, { because, proof: 'proven' })] });
    const lines = incidentText(opened, { ...options, columns: 60 }).split('\n');
    assert.ok(lines.some((line) => line.trim() === because));
  });

  it('leaves out the next commands if `next` is false', () => {
    assert.match(incidentText(contained(), options), /firebreak release/);
    assert.doesNotMatch(incidentText(contained(), { ...options, next: false }), /firebreak release/);
  });

  it('offers a release of what can be undone, and says what cannot', () => {
    const [entry] = contained().journal;
    assert.ok(entry !== undefined);
    const gone = { ...entry, step: 'delete-host' as const, uid: 'vm', state: 'applied' as const };
    const some = incidentText({ ...contained(), journal: [...contained().journal, gone] }, options);
    assert.match(some, /To take back what can be: firebreak release/);
    const none = incidentText({ ...contained(), journal: [gone] }, options);
    assert.match(none, /What was done does not come back. To end it: firebreak close shop-cart-3f2a-1 --reason/);
    assert.doesNotMatch(none, /firebreak release/);
  });

  it('names the deployed project in the next commands', () => {
    const deployed = { ...options, project: 'p2' };
    const flags = '--project p2 --reason "..."';
    assert.ok(incidentText(contained(), deployed).includes(`firebreak release ${contained().id} ${flags}`));
    const asking = incidentText(isolating(), { ...deployed, now: T0 });
    assert.match(asking, /firebreak approve \S+ --plan \S+ --project p2 --reason "\.\.\."/);
    assert.match(asking, /firebreak reject \S+ --plan \S+ --project p2 --reason "\.\.\."/);
  });

  it('shows no ask whose time is over', () => {
    const late = incidentText(isolating(), { ...options, now: T0 + 4_000_000 });
    assert.doesNotMatch(late, /approve/);
  });
});
