import { strict as assert } from 'node:assert';
import type { Entry } from '../../../shared/model/entry.ts';
import type { StepId } from '../../../shared/model/ids.ts';
import { remainsOf } from '../../../shared/views/report-remains.ts';
import { entry } from './fixtures.ts';
import { everyStep, pod, reportedIncident, reportFacts } from './report-fixtures.ts';

const todosOf = (over: Parameters<typeof reportedIncident>[0], title: string) =>
  remainsOf(reportFacts({ incident: reportedIncident(over) })).flatMap((part) =>
    part.title === title ? part.todos : [],
  );
const commandsOf = (over: Parameters<typeof reportedIncident>[0], title: string): string[] =>
  todosOf(over, title).flatMap(({ commands }) => commands);

const CLOSED = {
  rev: 9,
  tier: 'closed',
  by: 'ana@example.com',
  mode: 'act',
  at: '2026-11-03T03:12:04.000Z',
  requested: true,
} as const;

describe('what a closed incident has left in force', () => {
  const flat = (lines: readonly string[]): string[] => lines.map((line) => line.replaceAll(/ \\\n +/g, ' '));

  it('comes with the commands that take it back, the newest change first, in the own cluster and project', () => {
    const kubectl = 'kubectl --context=gke_p1_europe-west1_c1';
    const gcloud = (what: string) =>
      `gcloud compute instances ${what} gke-c1-pool-1-0a1b --zone=europe-west1-b --project=p1`;
    assert.deepEqual(flat(commandsOf({ goal: CLOSED }, 'Take back')), [
      `${kubectl} patch deployment.apps cart --namespace=shop --type=merge --patch '{"metadata":{"annotations":{"firebreak.dev/sandbox-workload":null},"labels":{"firebreak.dev/sandbox-workload":null}},"spec":{"template":{"spec":{"runtimeClassName":null}}}}'`,
      `${gcloud('add-access-config')} --network-interface=nic0 '--access-config-name=External NAT'`,
      `${gcloud('remove-tags')} --tags=firebreak-quarantine`,
      `${kubectl} patch deployment.apps cart --namespace=shop --type=merge --patch '{"metadata":{"annotations":{"firebreak.dev/freeze-workload":null},"labels":{"firebreak.dev/freeze-workload":null}},"spec":{"replicas":3}}'`,
      `${kubectl} label pod cart-7d9f --namespace=shop --overwrite app=cart pod-template-hash=7d9f quarantine- firebreak.dev/quarantine-pod-`,
      `${kubectl} annotate pod cart-7d9f --namespace=shop firebreak.dev/quarantine-pod-`,
      `${kubectl} delete networkpolicy firebreak-quarantine --namespace=shop`,
      `${kubectl} uncordon gke-c1-pool-1-0a1b`,
      `${kubectl} annotate node gke-c1-pool-1-0a1b --overwrite cluster-autoscaler.kubernetes.io/scale-down-disabled- firebreak.dev/cordon-node-`,
      `${kubectl} label node gke-c1-pool-1-0a1b firebreak.dev/cordon-node-`,
      `${gcloud('set-disk-auto-delete')} --auto-delete --device-name=persistent-disk-0`,
    ]);
    assert.equal(commandsOf({ goal: CLOSED }, 'Reach the cluster').length, 1);
  });

  it('is told without a command where a name or a before-image does not allow one, and names who else holds it', () => {
    const subjects = [{ ...pod, name: 'x; reboot' }];
    const others = reportFacts().hosts.values().next().value ?? assert.fail();
    const hosts = new Map([[others.id, { ...others, holders: [...others.holders, 'i-2'] }]]);
    const journal = everyStep().map((e) => (e.step === 'cordon-node' ? { ...e, before: {} } : e));
    const facts = reportFacts({ incident: reportedIncident({ goal: CLOSED, subjects, journal }), hosts });
    const todos = remainsOf(facts).flatMap(({ title, todos: each }) => (title === 'Take back' ? each : []));
    const of = (step: string) => todos.find(({ text }) => text.startsWith(`To take back ${step} on `));
    assert.match(of('quarantine-pod')?.text ?? '', /outside of the platform's grammar stands in no command$/);
    assert.match(of('cordon-node')?.text ?? '', /was not recorded, so no command can be given$/);
    assert.match(of('keep-disks')?.text ?? '', /: first look at what else holds it \(i-2\)\.$/);
    assert.deepEqual([of('quarantine-pod')?.commands, of('cordon-node')?.commands], [[], []]);
    assert.doesNotMatch(todos.flatMap(({ commands }) => commands).join(), /reboot/);
  });

  it('is no longer told where the next episode has taken it over, and while the incident is open', () => {
    const journal = everyStep().map((e) => ({ ...e, takenBy: 'i-2' }));
    assert.deepEqual(todosOf({ goal: CLOSED, journal }, 'Take back'), []);
    assert.deepEqual(todosOf({}, 'Take back'), []);
  });

  it('is given back with its cordon, its label and its addresses as they were', () => {
    const before = (step: string): Record<string, unknown> | undefined =>
      ({
        'cordon-node': { unschedulable: true, scaleDown: 'false' },
        'remove-external-ip': {
          addresses: [
            { nic: 'nic0', config: { name: 'External NAT', type: 'ONE_TO_ONE_NAT', natIP: '203.0.113.10' } },
            { nic: 'nic0', config: { name: 'external-ipv6', type: 'DIRECT_IPV6', externalIpv6: '2001:db8:1::' } },
          ],
        },
        'deny-node-network': { tags: ['firebreak-quarantine'], networks: [] },
      })[step];
    const journal = everyStep().flatMap((e) => {
      const was = before(e.step);
      return was === undefined ? [] : [{ ...e, before: was }];
    });
    const said = flat(commandsOf({ goal: CLOSED, journal }, 'Take back'));
    assert.deepEqual(
      said.map((line) => line.replace(/^(kubectl|gcloud) .*gke-c1-pool-1-0a1b /, '')),
      [
        "--zone=europe-west1-b --project=p1 --network-interface=nic0 '--access-config-name=External NAT' --address=203.0.113.10",
        '--zone=europe-west1-b --project=p1 --network-interface=nic0 --stack-type=IPV4_IPV6 --ipv6-network-tier=PREMIUM',
        '--overwrite cluster-autoscaler.kubernetes.io/scale-down-disabled=false firebreak.dev/cordon-node-',
        'firebreak.dev/cordon-node-',
      ],
    );
  });
});

describe('what remains to be done', () => {
  it('has the command that opens an access to a node that is cut off, and names the node once the incident is over', () => {
    const { journal, id } = reportedIncident();
    const closed = journal.filter((e) => e.step !== 'open-investigation-access');
    const command = `firebreak contain ${id} --tier isolate --investigate --project p1 --reason "..."`;
    assert.ok(commandsOf({ journal: closed }, 'Investigate').includes(command));
    const over = commandsOf({ journal: closed, goal: CLOSED }, 'Investigate');
    assert.equal(over.includes(command), false);
    const node = closed.find((e) => e.step === 'deny-node-network')?.subject;
    const where = `node/${node} --cluster c1 --location europe-west1`;
    assert.ok(over.includes(`firebreak contain ${where} --tier isolate --investigate --project p1 --reason "..."`));
  });

  it('has the command that deletes the host of a node that left its group, and says if that deletes others too', () => {
    const { subjects, id } = reportedIncident();
    const command = `firebreak contain ${id} --tier delete-host --project p1 --reason "..."`;
    const [one] = todosOf({}, 'Clean up').filter(({ commands }) => commands.includes(command));
    assert.match(one?.text ?? '', /as evidence[.]$/);
    const other = { id: '2', node: 'gke-c1-pool-1-2b3c', nodeUid: 'n-2' };
    const more = [...subjects, { kind: 'node', uid: '2', host: other, addedAt: '2026-11-03T03:12:04.000Z' } as const];
    const [two] = todosOf({ subjects: more }, 'Clean up').filter(({ commands }) => commands.includes(command));
    assert.match(two?.text ?? '', /This deletes the hosts of all 2 nodes that the incident holds[.]$/);
  });

  it('names that node itself once the incident is over, since the incident takes no request then', () => {
    const { journal } = reportedIncident();
    const released = journal.map((e): Entry => ({ ...e, state: e.step === 'leave-group' ? 'not-undoable' : 'undone' }));
    assert.deepEqual(todosOf({ goal: { ...CLOSED, tier: 'released' }, journal: released }, 'Clean up'), [
      {
        text: 'Node gke-c1-pool-1-0a1b that left its group runs on, and costs: delete the host once nobody needs it as evidence.',
        commands: [
          'firebreak contain node/gke-c1-pool-1-0a1b --cluster c1 --location europe-west1 --tier delete-host --project p1 --reason "..."',
        ],
      },
    ]);
    assert.equal(todosOf({ goal: CLOSED }, 'Clean up').length, 1);
  });

  it('leaves a host alone that is deleted', () => {
    const { journal, id } = reportedIncident();
    const deleted = journal
      .filter((e) => e.step !== 'open-investigation-access')
      .map((e): Entry => (e.step === 'delete-host' ? { ...e, state: 'applied' } : e));
    assert.deepEqual(todosOf({ journal: deleted }, 'Clean up'), []);
    const access = `firebreak contain ${id} --tier isolate --investigate --project p1 --reason "..."`;
    assert.equal(commandsOf({ journal: deleted }, 'Investigate').includes(access), false);
    const open = journal.map((e): Entry => (e.step === 'delete-host' ? { ...e, state: 'applied' } : e));
    assert.doesNotMatch(JSON.stringify(todosOf({ journal: open }, 'Investigate')), /gcloud compute ssh/);
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
    // Evidence that was saved is no change that a release takes back.
    const saved = reportedIncident().journal.filter((e) => e.step === 'capture-evidence');
    assert.ok(saved.some((e) => e.state === 'applied'));
    assert.deepEqual(texts({ journal: saved }), ['End the incident.']);
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

  it('says how to go on where a budget holds the incident back and nobody is asked about it any more', () => {
    const { openedAt: at, goal, id } = reportedIncident();
    const held = { because: 'the budget is used up', at, budget: true as const };
    const answer = { plan: 'p', tier: 'isolate' as const, outcome: 'rejected' as const, by: 'ana@example.com', at };
    assert.ok(goal !== null);
    const [one] = todosOf({ held, answered: [{ ...answer, lifts: true }] }, 'Decide').filter(({ text }) =>
      text.startsWith('Held'),
    );
    assert.match(one?.text ?? '', /stays held by the budget\. Send contain to try it again/);
    assert.match(one?.commands.join() ?? '', new RegExp(`^firebreak contain ${id} --tier ${goal.tier} `));
  });

  it('has the revocations that the journal tells where the evidence cannot be read, each once', () => {
    const revoke = [{ ends: 'its tokens', command: 'kubectl -n shop delete serviceaccount cart' }];
    const journal = reportedIncident().journal.map((e) => ({ ...e, revoke }));
    const facts = reportFacts({
      incident: reportedIncident({ journal }),
      valid: [{ pod: 'shop/cart-7d9f', unread: 'you may not read the evidence' }],
    });
    const { todos } = remainsOf(facts).find(({ title }) => title === 'Revoke') ?? assert.fail();
    assert.deepEqual(todos, [
      { text: 'To end its tokens:', commands: [revoke[0]?.command] },
      { text: 'shop/cart-7d9f: you may not read the evidence', commands: [] },
    ]);
  });

  it('asks for no end of what is over, and of a released incident for no revocation', () => {
    assert.ok(commandsOf({}, 'Revoke').length > 0 && commandsOf({}, 'End').length > 0);
    assert.deepEqual(commandsOf({ state: 'released' }, 'Revoke'), []);
    const { goal } = reportedIncident();
    assert.ok(goal !== null);
    for (const tier of ['released', 'closed'] as const)
      assert.deepEqual(todosOf({ state: tier, goal: { ...goal, tier } }, 'End'), [], tier);
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

  it('says once why several steps on one subject are held, and of each subject for itself', () => {
    const because = 'the budget of this cluster is used up';
    const held = (step: StepId, subject: string): Entry =>
      entry(step, 0, { state: 'held', subject, uid: subject, because });
    const journal = [held('cordon-node', 'n1'), held('leave-group', 'n1'), held('cordon-node', 'n2')];
    assert.deepEqual(
      todosOf({ journal }, 'Look at').map(({ text }) => text),
      [`cordon-node, leave-group on n1 are held: ${because}`, `cordon-node on n2 is held: ${because}`],
    );
  });

  it('says apart the steps that came to another end, or for another reason, or for none', () => {
    const on = (step: StepId, over: Partial<Entry>): Entry => entry(step, 0, { subject: 'n1', uid: 'n1', ...over });
    const journal = [
      on('cordon-node', { state: 'held', because: 'full' }),
      on('drain-node', { state: 'held', because: 'halted' }),
      on('leave-group', { state: 'failed', because: 'full' }),
      ...(['keep-disks', 'delete-host'] as const).map((step) => on(step, { state: 'failed' })),
    ];
    assert.deepEqual(
      todosOf({ journal }, 'Look at').map(({ text }) => text),
      [
        'cordon-node on n1 is held: full',
        'drain-node on n1 is held: halted',
        'leave-group on n1 failed: full',
        'keep-disks on n1 failed',
        'delete-host on n1 failed',
      ],
    );
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
