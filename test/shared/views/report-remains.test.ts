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
});
