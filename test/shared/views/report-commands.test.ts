import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { STEP_IDS } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { credentialsLine, reportCommands } from '../../../shared/views/report-commands.ts';
import { everyStep, pod, reportedIncident, reportFacts } from './report-fixtures.ts';

const { hosts } = reportFacts();
const commandsOf = (incident: Incident) => reportCommands(incident, hosts);
const of = (step: string, incident = reportedIncident()): string[] =>
  commandsOf(incident).find(({ entry }) => entry.step === step)?.commands ?? [];

/** Runs the lines in a shell in which kubectl and gcloud are functions that print their words. */
const played = (lines: readonly string[]): { words: string[][]; errors: string } => {
  const print = 'printf "%s\\037" "$0" "$@" | tr "\\n" "\\036"; printf "\\n"';
  const names = ['gcloud', 'kubectl'];
  const script = [
    ...names.map((name) => `${name}() { set -- ${name} "$@"; ${print.replace('"$0" ', '')}; }`),
    ...lines,
  ].join('\n');
  const { stdout, stderr } = spawnSync('/bin/sh', ['-eu', '-c', script], {
    encoding: 'utf8',
    env: { FORENSICS_IMAGE: 'registry.example.com/tools@sha256:0' },
  });
  const words = stdout.split('\n').filter((line) => line !== '');
  return { words: words.map((line) => line.split('\u001f').slice(0, -1)), errors: stderr };
};

describe('the commands of a report', () => {
  it('exist for every step', () => {
    const steps = new Set(everyStep().map(({ step }) => step));
    assert.deepEqual([...steps].toSorted(), [...STEP_IDS].toSorted());
    for (const { entry, commands, because } of commandsOf(reportedIncident())) {
      assert.ok(commands.length > 0, `${entry.step}: ${because}`);
      assert.equal(because, undefined);
    }
  });

  it('can be run by a shell, each line as one call of gcloud or kubectl', () => {
    const lines = commandsOf(reportedIncident()).flatMap(({ commands }) => commands);
    const { words, errors } = played(lines);
    assert.equal(errors, '');
    assert.equal(words.length, lines.length);
    assert.ok(words.every(([name]) => name === 'gcloud' || name === 'kubectl'));
  });

  it('are withheld where no before-image was recorded, as in a dry run: they would do a part of the step', () => {
    const needed = [
      'start-snapshots',
      'keep-disks',
      'quarantine-pod',
      'deny-node-network',
      'remove-external-ip',
      'delete-host',
    ];
    const journal = everyStep().map(({ before: _, host: __, ...e }) => ({ ...e, state: 'dry-run' as const }));
    const tried = commandsOf(reportedIncident({ journal })).filter(({ entry }) => needed.includes(entry.step));
    assert.deepEqual(new Set(tried.map(({ entry }) => entry.step)), new Set(needed));
    for (const { commands, because } of tried)
      assert.deepEqual([commands, because], [[], 'what was there before was not recorded, so no command can be given']);
  });

  it('do what the steps did, with the names and before-images of the journal', () => {
    assert.match(
      of('quarantine-pod').join(),
      /label pod cart-7d9f --namespace=shop --overwrite app- pod-template-hash-/,
    );
    // The before-image of a shared step is in the host's document.
    assert.match(of('keep-disks').join(), /--no-auto-delete\s+\\?\s*--device-name=persistent-disk-0/);
    // The group's URL contains the number of the project.
    assert.match(of('leave-group').join(), /abandon-instances gke-c1-pool-1-grp[\s\S]*--project=p1/);
    assert.match(of('remove-external-ip').join(), /'--access-config-name=External NAT'/);
    assert.match(of('kill-container').join(), /--label io\.kubernetes\.pod\.uid=6f1c0b52-9a1e-4c7e-8d57-0c3b7a5d1e01/);
    assert.equal(of('deny-node-network').filter((line) => line.includes('firewall-rules')).length, 4);
    assert.equal(of('delete-workload').length, 2);
  });

  it('keep of a node that no pod of the incident is on what the step kept of it', () => {
    const { uid, addedAt, host = assert.fail() } = pod;
    assert.match(of('capture-evidence').join(), /^kubectl get pod cart-7d9f /);
    const [kept = assert.fail()] = everyStep().filter(({ step }) => step === 'capture-evidence');
    const own = { ...kept, subject: `${host.node}#objects`, uid: host.id };
    const node = { kind: 'node' as const, uid: host.id, host, addedAt };
    const lines = of('capture-evidence', reportedIncident({ subjects: [node], journal: [own] }));
    assert.equal(lines.length, 5);
    const { words, errors } = played(lines);
    assert.deepEqual([words.length, errors], [5, '']);
    assert.match(lines.join('\n'), /get node gke-c1-pool-1-0a1b /);
    assert.match(
      lines.join('\n'),
      /--field-selector=involvedObject\.kind=Node,involvedObject\.name=gke-c1-pool-1-0a1b/,
    );
    assert.match(lines.join('\n'), /--field-selector=spec\.nodeName=gke-c1-pool-1-0a1b/);
    assert.doesNotMatch(lines.join('\n'), new RegExp(uid));
  });

  it('delete with a workload its own pods, and none of another workload of the incident', () => {
    const other = {
      ...{ ...pod, name: 'ledger-1', uid: '6f1c0b52-9a1e-4c7e-8d57-0c3b7a5d1e77' },
      owners: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'ledger', uid: 'ledger' }],
    };
    const sibling = { ...pod, name: 'cart-2', uid: '6f1c0b52-9a1e-4c7e-8d57-0c3b7a5d1e78' };
    const lines = of('delete-workload', reportedIncident({ subjects: [pod, other, sibling] })).join('\n');
    assert.match(lines, /delete pod cart-7d9f /);
    assert.match(lines, /delete pod cart-2 /);
    assert.doesNotMatch(lines, /ledger/);
  });

  it('take the line for SSH from the record only where that is one, and nothing that follows it', () => {
    const ssh = (because: string): string => {
      const journal = everyStep().map((e) => (e.step === 'open-investigation-access' ? { ...e, because } : e));
      return of('open-investigation-access', reportedIncident({ journal })).at(-1) ?? '';
    };
    const line = 'gcloud compute ssh ana@gke-a --project=p1 --zone=europe-west1-b --internal-ip';
    assert.equal(ssh(`${line} (on a VM with the tag bastion) until 2026-03-02T04:00:00.000Z`), line);
    assert.equal(ssh(`${line}; rm -rf /`), line);
    for (const odd of [`x; ${line}`, line.replace('gke-a', '$(id)'), line.replace('--internal-ip', '--command=id')])
      assert.doesNotMatch(ssh(odd), /ana@|\$\(id\)|--command/, odd);
  });

  it('delete a host through its group, or directly, with all of its disks kept, where it has left the group', () => {
    const deleted = (before: object): string => {
      const journal = everyStep().map((e) => (e.step === 'delete-host' ? { ...e, before: { ...before } } : e));
      return of('delete-host', reportedIncident({ journal }))
        .join('\n')
        .replaceAll(/\s*\\?\s+/g, ' ');
    };
    const { before = {} } = everyStep().find(({ step }) => step === 'delete-host') ?? assert.fail();
    const { group, ...gone } = { group: undefined, ...before };
    assert.ok(group !== undefined);
    assert.match(deleted(before), /instance-groups managed delete-instances \S+ .*--instances=gke-/);
    assert.match(deleted(gone), /^gcloud compute instances delete gke-\S+ .*--keep-disks=all/);
  });

  it('keep the controller labels of a StatefulSet, as the step does', () => {
    const owners = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'cart', uid: 'u' }];
    const journal = everyStep().map((e) =>
      e.step === 'quarantine-pod' ? { ...e, before: { ...e.before, keep: { app: 'cart' } } } : e,
    );
    const [label = ''] = of('quarantine-pod', reportedIncident({ subjects: [{ ...pod, owners }], journal }));
    assert.doesNotMatch(label, /app-/);
  });

  it("contain no name that breaks the platform's grammar, and say so", () => {
    const names = ["a';id;'", '$(id)', 'a b', '-rf', 'a\nb', 'A'.repeat(300), ''];
    for (const name of names) {
      const subjects = [
        {
          ...pod,
          name,
          namespace: name,
          host: {
            ...pod.host,
            id: pod.host?.id ?? '',
            node: name,
            nodeUid: 'u',
            project: 'p1',
            zone: 'europe-west1-b',
            instance: name,
          },
        },
      ];
      const journal = everyStep().map((e) => (e.step === 'deny-pod-network' ? { ...e, subject: name } : e));
      for (const { entry, commands, because } of commandsOf(reportedIncident({ subjects, journal }))) {
        if (commands.length === 0) assert.match(because ?? '', /grammar/, `${entry.step} with ${name}`);
        else assert.ok(!commands.join().includes(name === '' ? "''" : name), `${entry.step}: ${commands.join()}`);
      }
    }
  });

  it("quote a stranger's label as one word", () => {
    const value = "x'; kubectl delete ns shop; '$(id)`id`";
    const journal = everyStep().map((e) =>
      e.step === 'quarantine-pod' ? { ...e, before: { labels: { [value]: 'y' }, keep: {}, tolerations: [] } } : e,
    );
    const { words, errors } = played(of('quarantine-pod', reportedIncident({ journal })));
    assert.equal(errors, '');
    assert.ok(words[0]?.includes(`${value}-`), JSON.stringify(words));
    assert.equal(words.length, 2);
  });

  it('are left out for steps that were neither done nor tried', () => {
    const journal = everyStep().map((e) => ({ ...e, state: 'refused' as const }));
    assert.deepEqual(commandsOf(reportedIncident({ journal })), []);
  });

  it('name what is missing in an older journal', () => {
    const journal = everyStep().map(({ before: _, host: __, ...e }) => e);
    const bare = reportCommands(reportedIncident({ subjects: [], journal }), new Map());
    const left = bare.find(({ entry }) => entry.step === 'leave-group');
    assert.deepEqual([left?.commands, typeof left?.because], [[], 'string']);
  });

  it('begin with the credentials of the cluster, if there is one', () => {
    assert.equal(
      credentialsLine(reportedIncident()),
      'gcloud container clusters get-credentials c1 --location=europe-west1 --project=p1',
    );
    assert.equal(credentialsLine(reportedIncident({ target: { project: 'p1' } })), undefined);
  });
});
