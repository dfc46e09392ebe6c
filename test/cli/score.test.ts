import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { main } from '../../cli/main.ts';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { type Finding, finding } from '../../shared/model/finding.ts';
import { captured } from './kit.ts';

const EXEC = auditEntry({
  verb: 'create',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'shop',
  name: 'cart-0',
  command: 'ls',
});
const QUIET = auditEntry({ verb: 'list', resource: 'pods', namespace: 'shop' });
const EVENT = { kind: 'Event', auditID: 'a', verb: 'get', requestURI: '/api/v1/namespaces/shop/pods/cart-0/exec' };
const push = (body: unknown): unknown => ({
  message: { data: Buffer.from(JSON.stringify(body)).toString('base64'), messageId: '1' },
});
const ndjson = (...payloads: unknown[]): string => payloads.map((one) => `${JSON.stringify(one)}\n`).join('');

const score = async (input: string, ...argv: string[]) => {
  const { io, said } = captured({ stdin: Readable.from([input]) });
  const code = await main(['score', ...argv], io);
  const { out, err } = await said();
  const findings: Finding[] = out
    .split('\n')
    .filter(Boolean)
    .map((line) => finding.strict().parse(JSON.parse(line)));
  return { code, findings, err };
};

describe('firebreak score', () => {
  it('prints findings with the line each one was found in', async () => {
    const { code, findings, err } = await score(ndjson(QUIET, EXEC, push(EXEC)));
    assert.equal(code, 0);
    assert.equal(err, '');
    assert.deepEqual(
      findings.map((one) => [one.line, one.rule]),
      [
        [2, 'exec-into-pod'],
        [3, 'exec-into-pod'],
      ],
    );
  });

  it('scores by a file of rules, and counts what is allowed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'firebreak rules '));
    try {
      const file = join(dir, 'rules.yaml');
      const mine =
        "{ id: mine, title: t, reads: audit, when: verb == 'list', severity: low, confidence: 0.3, family: identity, because: b }";
      const allowed = '{ rule: exec-into-pod, owner: ops@example.com, reason: debugging, expires: 2026-12-31 }';
      writeFileSync(file, `rules: [${mine}]\nallow: [${allowed}]\n`);
      const { code, findings, err } = await score(ndjson(QUIET, EXEC, EXEC), '--rules', file);
      assert.equal(code, 0);
      assert.deepEqual(
        findings.map((one) => [one.line, one.rule]),
        [[1, 'mine']],
      );
      assert.equal(err, '2 not scored: allowed: ops@example.com vouches for it until 2026-12-31: debugging\n');
      writeFileSync(file, 'rulez: []\n');
      const wrong = await score(ndjson(EXEC), '--rules', file);
      assert.equal(wrong.code, 1);
      assert.match(wrong.err, /rules\.yaml: rules, line 1: .*rulez/);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('reads a JSON array', async () => {
    const { findings } = await score(JSON.stringify([QUIET, EXEC], undefined, 2));
    assert.deepEqual(
      findings.map((one) => one.line),
      [2],
    );
  });

  it('reports the lines that it cannot read, and scores the rest', async () => {
    const { code, findings, err } = await score(`{"a":1}\nno JSON\n${ndjson(EXEC)}`);
    assert.equal(code, 1);
    assert.match(err, /^line 1: not one of .*\nline 2: not JSON\n$/);
    assert.deepEqual(
      findings.map((one) => one.line),
      [3],
    );
  });

  it('says so where there is nothing to score, or nothing that it can read', async () => {
    assert.equal((await score('')).err, 'there is nothing to score in standard input\n');
    const { code, err } = await score('hello\n');
    assert.equal(code, 1);
    assert.match(err, /^line 1: not JSON\nnothing in standard input can be read: expected payloads as NDJSON /);
  });

  it('counts payloads from sources that are not scored, and exits 0', async () => {
    const { code, err } = await score(ndjson({ logName: 'projects/p1/logs/stdout', textPayload: 'x' }));
    assert.equal(code, 0);
    assert.equal(
      err,
      '1 not scored: the log entry is not of an audit log, and other logs take entries from anybody who may write logs\n',
    );
  });

  it('places events without a cluster where the options say', async () => {
    const unplaced = await score(ndjson(EVENT));
    assert.equal(unplaced.findings[0]?.target.project, 'unknown-project');
    const placed = await score(ndjson(EVENT), '--project', 'p1', '--location', 'europe-west1', '--cluster', 'c1', '-');
    assert.deepEqual(placed.findings[0]?.target, {
      project: 'p1',
      location: 'europe-west1',
      cluster: 'c1',
      namespace: 'shop',
      pod: 'cart-0',
    });
  });

  it('refuses an invalid name as a usage error', async () => {
    const { code, err } = await score('', '--project', '../p2');
    assert.equal(code, 2);
    assert.match(err, /--project/);
  });

  it('reads a file, and reports in one sentence if it cannot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'score-'));
    try {
      writeFileSync(join(folder, 'entries.ndjson'), ndjson(EXEC));
      assert.equal((await score('', join(folder, 'entries.ndjson'))).findings.length, 1);
      for (const [path, why] of [
        [join(folder, 'none'), 'ENOENT'],
        [folder, 'EISDIR'],
      ] as const) {
        const { code, err } = await score('', path);
        assert.equal(code, 1);
        assert.match(err, new RegExp(`^firebreak: .* cannot be read \\(${why}\\): name a[^\\n]+\\.\\n$`));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('ends quietly when its reader is gone', async () => {
    let asked = 0;
    const endless = function* () {
      for (;;) {
        asked += 1;
        yield ndjson(EXEC);
      }
    };
    const stdout = new PassThrough();
    stdout.once('data', () => stdout.destroy());
    const { io } = captured({ stdin: Readable.from(endless()), stdout });
    assert.equal(await main(['score'], io), 0);
    assert.ok(asked < 1000);
  });

  it('waits for a slow reader instead of buffering what it has not read', async () => {
    const lines = 2000;
    const stdout = new PassThrough({ highWaterMark: 1024 });
    const { io } = captured({ stdin: Readable.from(Array.from({ length: lines }, () => ndjson(EXEC))), stdout });
    let held = 0;
    let read = 0;
    const scored = main(['score'], io).then(() => stdout.end());
    for await (const chunk of stdout) {
      held = Math.max(held, stdout.writableLength + stdout.readableLength);
      read += String(chunk).split('\n').length - 1;
    }
    await scored;
    assert.equal(read, lines);
    assert.ok(held < 64 * 1024);
  });
});
