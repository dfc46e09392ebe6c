import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import { ROOT } from '../../scripts/steps.ts';
import { ACCESS } from '../../shared/access.ts';
import { ruleName } from '../../shared/containment/quarantine-rules.ts';
import { servedFilter } from '../../shared/deployment.ts';
import { RULES } from '../../shared/detection/registry.ts';
import { MAX_SINK_FILTER, sinkFilter } from '../../shared/detection/sink-filter.ts';
import { byKind, GCLOUD_AUDIENCE } from '../../shared/operator-audience.ts';
import { LOCALS, OUTPUTS, RESOURCES, resource, VARIABLES } from './parsed.ts';

const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const deploy = text('docs/deploy.md');
const called = async (hcl: string) => {
  const { module, output } = Object(await parse('main.tf', hcl));
  const [{ source, ...given }] = module.firebreak;
  return { source, given, output };
};

describe('the documentation of terraform/', () => {
  it('begins with the minimal example', async () => {
    const said = await called(/```hcl\n([\s\S]*?)```/.exec(deploy)?.[1] ?? '');
    const example = await called(text('terraform/examples/minimal/main.tf'));
    assert.deepEqual(said.given, example.given);
    assert.deepEqual(said.output, example.output);
    assert.equal(said.source, '../firebreak/terraform');
  });

  it('admits operators by console and by command line, in every example', async () => {
    const full = await called(text('terraform/examples/full/main.tf'));
    const shown = /operator_audience = (\[.*\])/.exec(deploy)?.[1] ?? '[]';
    for (const audiences of [full.given.operator_audience, JSON.parse(shown)]) {
      const { tokens, proxy } = byKind(audiences);
      assert.deepEqual([tokens, proxy.length], [[GCLOUD_AUDIENCE], 1]);
    }
  });

  it('names only existing variables and outputs', () => {
    const rows = [...deploy.matchAll(/^\| `([^|]+)` +\|/gm)].flatMap(([, cell = '']) => cell.split(/`, `/));
    assert.ok(rows.length > 5);
    for (const name of rows) assert.ok((name.split('.')[0] ?? '') in VARIABLES, name);
    for (const [, name = ''] of deploy.matchAll(/^ *([a-z_]+) += /gm))
      if (!['project', 'source', 'value', 'slack'].includes(name)) assert.ok(name in VARIABLES, name);
    for (const [, name = ''] of deploy.matchAll(/terraform output (?:-raw |-json )?([a-z_]+)/g))
      assert.ok(name in OUTPUTS, name);
  });

  it('names only existing resources in what Terraform forgets and imports', () => {
    const named = [...deploy.matchAll(/'module\.firebreak\.([a-z0-9_]+)\.([a-z_]+)/g)];
    assert.ok(named.length > 5);
    for (const [, type = '', name = ''] of named) resource(type, name);
  });

  it('says which rules see nothing in the logs that Terraform turns on', () => {
    assert.match(String(LOCALS.audited), /"container\.googleapis\.com"/);
    assert.doesNotMatch(String(LOCALS.audited), /"iam\.googleapis\.com"/);
    const begin = 'protoPayload.serviceName="iamcredentials.googleapis.com"';
    const blind = RULES.filter((rule) => 'filter' in rule && rule.filter?.startsWith(begin));
    assert.ok(blind.length > 1);
    for (const { id, sees } of blind) {
      assert.match(sees, /Data Access log of IAM \(iam\.googleapis\.com\)/, id);
      assert.ok(deploy.includes(`\`${id}\``), id);
    }
  });

  it('leaves the key to whatever stays after a destroy', () => {
    const agents = [...deploy.matchAll(/state rm '.*crypto_key_iam_member\.agent\["([a-z]+)"\]'/g)].map(([, id]) => id);
    // The evidence bucket, and the databases.
    assert.deepEqual(agents, ['storage', 'firestore']);
    for (const id of agents) assert.match(String(LOCALS.encrypting), new RegExp(`\\b${id}\\b`));
  });

  it('shows every variable in the full example, except for those with a default that suits nearly everybody', async () => {
    const full = await called(text('terraform/examples/full/main.tf'));
    // Their defaults suit nearly everybody.
    const left = [
      'build_folder',
      'data_access_logs',
      'deleting_workloads',
      'enable_apis',
      'log_match_alert',
      'silent_sink_hours',
      'sink_filter_file',
    ];
    assert.deepEqual(
      Object.keys(VARIABLES)
        .filter((name) => !(name in full.given))
        .toSorted(),
      left,
    );
  });

  it('tests the filter that doctor expects', () => {
    const filter = JSON.stringify(servedFilter(['c1']));
    assert.ok(text('terraform/tests/module.tftest.hcl').includes(`${filter.slice(0, -1)}\\nAND `));
  });

  it('says how many clusters the filter of the sink has room for', () => {
    const said =
      /leave ([\d,]+) for the names of the clusters: some (\d+) names of (\d+) characters/.exec(deploy) ?? [];
    const [room = 0, count = 0, length = 0] = said.slice(1).map((number) => Number(number.replaceAll(',', '')));
    assert.ok(room > 0 && count > 0 && length > 0);
    const names = Array.from({ length: count }, (_, n) => `${n}-`.padEnd(length, 'c'));
    const filter = (clusters: string[]): number => `${servedFilter(clusters)}\nAND ${sinkFilter(RULES)}`.length;
    assert.ok(filter(names) <= MAX_SINK_FILTER, String(filter(names)));
    assert.ok(filter([]) + room <= MAX_SINK_FILTER, String(filter([])));
  });

  it('names in permissions.md whatever is granted by a role of Google to the account of a function', () => {
    const page = text('docs/permissions.md');
    const granted = RESOURCES.filter(
      ({ body }) => /local\.members/.test(String(body.member)) && /^roles\//.test(String(body.role)),
    );
    assert.deepEqual(granted.map(({ name }) => name).toSorted(), ['file', 'notifier', 'publisher']);
    assert.match(
      page,
      /^\| notify +\| the secrets of `notifiers` +\| `secretmanager.versions.access` +\| `notifiers`/m,
    );
  });

  it('says in the threat model what a stolen contain reaches beyond the served clusters', () => {
    const row = /^\| contain .*$/m.exec(text('docs/threat-model.md'))?.[0] ?? '';
    // What the rights that no condition limits change, by the resource that they are about.
    const WORDS: Readonly<Record<string, RegExp>> = {
      addresses: /address/,
      disks: /any disk/,
      firewalls: /any firewall rule/,
      instanceGroupManagers: /any managed instance group/,
      networks: /any firewall rule/,
      snapshots: /snapshot any disk/,
      subnetworks: /address/,
    };
    const changing = ACCESS.contain.rights.filter(
      ({ on, permission }) =>
        (on === 'project' || on === 'network') && /^compute\..*\.(?!get|list)[a-zA-Z]+$/.test(permission),
    );
    assert.ok(changing.length > 5);
    for (const { permission } of changing)
      assert.match(row, WORDS[permission.split('.')[1] ?? ''] ?? assert.fail(permission), permission);
  });

  it('outputs in every example what the commands of the guide and of `next` read', async () => {
    const read = [...deploy.matchAll(/terraform output (?:-raw |-json )?([a-z_]+)/g)].map(([, name = '']) => name);
    for (const example of ['minimal', 'full']) {
      const { output } = await called(text(`terraform/examples/${example}/main.tf`));
      for (const name of read) assert.ok(name in output, `${example} has no output ${name}`);
    }
  });

  it('tests the names of firewall rules that the code makes', () => {
    const tests = text('terraform/tests/module.tftest.hcl');
    for (const [network, direction, version] of [
      ['default', 'INGRESS', 'ipv4'],
      ['default', 'EGRESS', 'ipv6'],
      ['a-network-of-twentyfour--x', 'EGRESS', 'ipv6'],
    ] as const)
      assert.ok(tests.includes(`"${ruleName(`projects/p1/global/networks/${network}`, direction, version)}"`), network);
  });
});
