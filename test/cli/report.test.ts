import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { reportCommand } from '../../cli/commands/report.ts';
import type { Connect } from '../../cli/connect.ts';
import type { Io } from '../../cli/io.ts';
import { main } from '../../cli/main.ts';
import { makeMemoryEvidence } from '../kit/memory-evidence.ts';
import { pod, reportedIncident } from '../shared/views/report-fixtures.ts';
import { captured, fakeDeployment } from './kit.ts';

const ID = 'i-0a1b2c3d4e5f-1';

const run = async (argv: string[], connect: Connect, parts: Partial<Io> = {}) => {
  const { io, said } = captured(parts);
  const report = async () => (program: Command, own: Io) => reportCommand(program, own, connect);
  const code = await main(['report', ...argv], io, { report });
  return { code, ...(await said()) };
};

/** A deployment with one incident, whose objects were captured and whose logs were not. */
const deployment = async () => {
  const to = fakeDeployment();
  await to.stores.incidents.put(ID, reportedIncident(), null);
  const evidence = makeMemoryEvidence();
  const put = (name: string, body: unknown) =>
    evidence.put(`incidents/${ID}/${pod.uid}/${name}`, new TextEncoder().encode(JSON.stringify(body)));
  await put('objects/manifest.json', {
    at: '2026-11-03T03:12:05.000Z',
    kept: [{ name: 'pod.json', key: 'k', sha256: 'cd'.repeat(32), size: 10 }],
  });
  await put('objects/what-stays-valid.json', {
    serviceAccount: 'shop/cart',
    revoke: [
      { ends: 'its tokens', command: 'kubectl --context=gke_p1_europe-west1_c1 -n shop delete serviceaccount cart' },
    ],
  });
  const connect: Connect = async (io, project) => ({
    ...(await to.connect(io, project)),
    evidence: { at: 'gs://p1-evidence', open: async () => evidence },
  });
  return { ...to, connect };
};

describe('firebreak report', () => {
  it('writes HTML to stdout, with what the evidence shows', async () => {
    const { connect, closed } = await deployment();
    const { code, out, err } = await run([ID], connect);
    assert.deepEqual([code, err, closed()], [0, '', 1]);
    assert.match(out, /^<!doctype html>/);
    for (const text of [
      'cd'.repeat(32),
      'The evidence has no such manifest',
      'delete serviceaccount cart',
      'gs://p1-evidence',
    ])
      assert.ok(out.includes(text), text);
  });

  it('writes what the name of the file says, unless a format is named', async () => {
    const { connect } = await deployment();
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-report-'));
    const first = async (file: string, ...more: string[]): Promise<string> => {
      await run([ID, '-o', join(folder, file), ...more], connect);
      return (await readFile(join(folder, file), 'utf8')).slice(0, 9);
    };
    try {
      assert.deepEqual(
        [await first('a.md'), await first('b.html'), await first('c')],
        ['# Inciden', '<!doctype', '<!doctype'],
      );
      assert.equal(await first('d.md', '--format', 'html'), '<!doctype');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('writes no page into a file that is named for something else, unless a format is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-report-'));
    try {
      for (const name of ['x.pdf', 'x.json', 'x.md.gz', 'md', 'json']) {
        const { connect } = await deployment();
        const { code, out, err } = await run([ID, '-o', name], connect, { cwd: folder });
        assert.deepEqual([code, out], [2, ''], name);
        assert.match(err, /^firebreak: -o \S+: a report is HTML or Markdown: [^\n]*--format\.\n$/);
        assert.deepEqual(await readdir(folder), []);
      }
      const { connect } = await deployment();
      assert.equal((await run([ID, '-o', 'x.txt', '--format', 'md'], connect, { cwd: folder })).code, 0);
      assert.match((await run([ID, '-o', 'no-ending'], connect, { cwd: folder })).err, /written to/);
      assert.match((await run([ID, '-o', '-'], connect, { cwd: folder })).out, /^<!doctype html>/);
      assert.deepEqual((await readdir(folder)).toSorted(), ['no-ending', 'x.txt']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('tells a person who got the source of a page on the terminal how to get one to read', async () => {
    const { connect } = await deployment();
    const terminal = { isTTY: true };
    assert.match(
      (await run([ID], connect, terminal)).err,
      /-o incident\.html writes it to a file, --format md is for reading/,
    );
    assert.equal((await run([ID, '--format', 'md'], connect, terminal)).err, '');
  });

  it('writes Markdown with --format md', async () => {
    const { code, out } = await run([ID, '--format', 'md'], (await deployment()).connect);
    assert.equal(code, 0);
    assert.match(out, /^# Incident report: pod shop\/cart-7d9f\n/);
    assert.ok(out.includes('cd'.repeat(32)));
  });

  it('writes a file, and reports its path', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firebreak report '));
    try {
      const { code, out, err } = await run([ID, '-o', 'a.html'], (await deployment()).connect, { cwd: dir });
      assert.deepEqual([code, out, err], [0, '', `written to ${join(dir, 'a.html')}\n`]);
      assert.match(await readFile(join(dir, 'a.html'), 'utf8'), /<\/html>\n$/);
      const bad = await run([ID, '-o', 'no/such/folder.html'], (await deployment()).connect, { cwd: dir });
      assert.equal(bad.code, 1);
      assert.match(
        bad.err,
        /^firebreak: \S.*no\/such\/folder\.html cannot be written \(ENOENT\): name a file in a folder that .*\.\n$/,
      );
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('is of the one incident that a pod means, and says of which', async () => {
    const { code, out, err } = await run(['pod/cart-7d9f', '--format', 'md'], (await deployment()).connect);
    assert.deepEqual([code, err], [0, `the report of ${ID}\n`]);
    assert.match(out, /^# Incident report: pod shop\/cart-7d9f\n/);
  });

  it('reports what it cannot read, and shows the rest', async () => {
    const { code, out } = await run([ID], async (io, project) => {
      const { evidence: _, ...without } = await (await deployment()).connect(io, project);
      return without;
    });
    assert.equal(code, 0);
    assert.match(out, /set FIREBREAK_EVIDENCE/);
  });

  it('ends with one sentence for an unknown incident and for an unknown format', async () => {
    const { connect } = await deployment();
    const unknown = await run(['i-000000000000-1'], connect);
    assert.deepEqual([unknown.code, unknown.out], [1, '']);
    assert.match(unknown.err, /^firebreak: there is no incident i-000000000000-1: see `firebreak incidents`\.\n$/);
    const format = await run([ID, '--format', 'pdf'], connect);
    assert.equal(format.code, 2);
    assert.match(format.err, /pdf.*html, md/s);
    assert.equal((await run([], connect)).code, 2);
  });
});
