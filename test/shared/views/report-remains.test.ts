import { strict as assert } from 'node:assert';
import { remainsOf } from '../../../shared/views/report-remains.ts';
import { reportedIncident, reportFacts } from './report-fixtures.ts';

const todosOf = (over: Parameters<typeof reportedIncident>[0], title: string) =>
  remainsOf(reportFacts({ incident: reportedIncident(over) })).flatMap((part) =>
    part.title === title ? part.todos : [],
  );
const commandsOf = (over: Parameters<typeof reportedIncident>[0], title: string): string[] =>
  todosOf(over, title).flatMap(({ commands }) => commands);

describe('what remains to be done', () => {
  it('has the command that opens an access to a node that is cut off, and not once the incident is over', () => {
    const { journal, id } = reportedIncident();
    const closed = journal.filter((e) => e.step !== 'open-investigation-access');
    const command = `firebreak contain ${id} --tier isolate --investigate --project p1 --reason "..."`;
    assert.ok(commandsOf({ journal: closed }, 'Investigate').includes(command));
    const goal = {
      rev: 9,
      tier: 'closed',
      by: 'ana@example.com',
      mode: 'act',
      at: closed[0]?.startedAt ?? '',
    } as const;
    const over = commandsOf({ journal: closed, goal: { ...goal, requested: true } }, 'Investigate');
    assert.ok(over.length > 0 && !over.includes(command));
  });

  it('has the command that deletes the host of a node that left its group, and says if that deletes others too', () => {
    const { subjects, id } = reportedIncident();
    const command = `firebreak contain ${id} --tier delete-host --project p1 --reason "..."`;
    const [one] = todosOf({}, 'End').filter(({ commands }) => commands.includes(command));
    assert.match(one?.text ?? '', /as evidence[.]$/);
    const other = { id: '2', node: 'gke-c1-pool-1-2b3c', nodeUid: 'n-2' };
    const more = [...subjects, { kind: 'node', uid: '2', host: other, addedAt: '2026-11-03T03:12:04.000Z' } as const];
    const [two] = todosOf({ subjects: more }, 'End').filter(({ commands }) => commands.includes(command));
    assert.match(two?.text ?? '', /This deletes the hosts of all 2 nodes that the incident holds[.]$/);
  });

  it("lets kubectl reach the incident's own cluster only, and says first how it gets to know that cluster", () => {
    const [revoke, harden] = [commandsOf({}, 'Revoke'), commandsOf({}, 'Harden')];
    const typed = [...revoke, ...harden].filter((command) => command.startsWith('kubectl'));
    assert.ok(typed.length > 1);
    for (const command of typed) assert.match(command, /^kubectl --context=gke_p1_europe-west1_c1 /);
    assert.deepEqual(commandsOf({}, 'Reach the cluster'), [
      'gcloud container clusters get-credentials c1 --location=europe-west1 --project=p1',
    ]);
  });

  it('speaks of what is in force only where something is', () => {
    const texts = (over: Parameters<typeof reportedIncident>[0]) => todosOf(over, 'End').map(({ text }) => text);
    assert.ok(texts({}).includes('End the incident and leave what is in force.'));
    assert.deepEqual(texts({ journal: [] }), ['End the incident.']);
  });

  it('names the snapshot of a disk that this incident made, and has all listed where it relies on another', () => {
    const snapshot = 'fb-3910756eda908113c43aea9efefdcc62abce0203';
    const investigate = (because: string) => {
      const journal = reportedIncident().journal.map((e) => (e.step === 'start-snapshots' ? { ...e, because } : e));
      return todosOf({ journal }, 'Investigate').slice(0, 1);
    };
    assert.deepEqual(investigate(`snapshot ${snapshot}`), [
      {
        text: `Look into the disk on a VM of its own, never on the one that was attacked: it is in snapshot ${snapshot}.`,
        commands: [
          `gcloud compute disks create evidence-${snapshot} \\\n  --source-snapshot=${snapshot} --zone=europe-west1-b \\\n  --project=p1`,
        ],
      },
    ]);
    assert.deepEqual(investigate('snapshot fb-of-another-incident'), [
      {
        text: 'Look into disk d1 on a VM of its own, never on the one that was attacked: make a copy of it from one of its snapshots.',
        commands: ['gcloud compute snapshots list --filter=sourceDiskId=104 --project=p1'],
      },
    ]);
  });

  it('says what is held back, and why', () => {
    const held = { because: 'the budget of nodes is used up', at: reportedIncident().openedAt };
    assert.deepEqual(
      todosOf({ held }, 'Decide').filter(({ text }) => text.startsWith('Held')),
      [{ text: 'Held back: the budget of nodes is used up', commands: [] }],
    );
    assert.ok(todosOf({}, 'Decide').every(({ text }) => !text.startsWith('Held')));
  });

  it('has the login of an access that is open, and none of one that is closed again', () => {
    const { journal } = reportedIncident();
    const texts = (state: 'applied' | 'undone') =>
      todosOf(
        { journal: journal.map((e) => (e.step === 'open-investigation-access' ? { ...e, state } : e)) },
        'Investigate',
      ).filter(({ text }) => text.startsWith('Look around on the node'));
    assert.equal(texts('applied').length, 1);
    assert.deepEqual(texts('undone'), []);
  });

  it('lists as unsure only a change that stands without proof', () => {
    const { journal } = reportedIncident();
    const [first] = journal;
    assert.ok(first !== undefined);
    const texts = (state: 'applied' | 'skipped' | 'undone') =>
      todosOf({ journal: [{ ...first, because: 'not seen', state, proof: null }] }, 'Look at').map(({ text }) => text);
    assert.deepEqual(texts('applied'), [`${first.step} on ${first.subject} is not proven: not seen`]);
    assert.deepEqual([...texts('skipped'), ...texts('undone')], []);
  });
});
