import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { SHOP } from '../../local/world/seed.ts';
import { captured } from '../cli/kit.ts';
import { isCarriedOut, until } from './kit.ts';

const PAGE = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');

/** The command lines of the page that begin like this, in order: code lines first, then inline code. */
const linesOf = (begin: string): string[] => {
  const code = PAGE.split('\n').flatMap((line) => (line.startsWith(`    ${begin}`) ? [line.trim()] : []));
  const inline = [...PAGE.matchAll(/`(firebreak [^`\n]+)`/g)].flatMap(([, span = '']) =>
    span.startsWith(begin) ? [span] : [],
  );
  return [...code, ...inline].map((line) => line.split(/ {2,}/)[0] ?? '');
};

const wordsOf = (line: string): string[] =>
  execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(1, -1);

// All cases share one stack: the commands of the page follow on from each other on the same pod.
describe('the commands of the runbook, on a local stack', function () {
  this.timeout(180_000);
  let dir: string;
  let stack: Stack;
  let names: Record<string, string> = {};

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firebreak runbook '));
    stack = await startStack({ dir: join(dir, '.firebreak'), functions: ['operate', 'contain'] });
    const [cluster] = stack.world.clusters.values();
    const pod = cluster
      ?.list('v1', 'Pod')
      .find(({ metadata }) => metadata.namespace === 'shop' && metadata.name.startsWith('cart-'));
    names = { 'cart-7d9f': pod?.metadata.name ?? '', 'gke-c1-pool-1-0a1b': String(pod?.spec?.nodeName) };
    assert.equal(SHOP.cluster, 'c1');
  });
  after(async () => {
    await stack?.stop();
    await rm(dir, { recursive: true });
  });

  /** Runs a line of the page, with the names of this machine in place of the page's. */
  const type = async (line: string): Promise<string> => {
    const said = Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, to), line);
    const { io, said: told } = captured({ cwd: dir, now: Date.now });
    const code = await main(wordsOf(said), io);
    const { out, err } = await told();
    assert.equal(code, 0, `${said}: ${out}${err}`);
    return out;
  };

  it('contain a pod and a node to the tiers that the page shows', async () => {
    for (const line of linesOf('firebreak contain pod/')) await type(line);
    const [first] = (await stack.stores.incidents.list({})).items;
    assert.ok(first !== undefined);
    names.INCIDENT = first.id;
    await until(async () => isCarriedOut(await stack.stores.incidents.get(first.id)));
    for (const line of linesOf('firebreak contain node/')) await type(line);
  });

  it('raise an incident tier by tier', async () => {
    const lines = linesOf('firebreak contain INCIDENT');
    assert.ok(lines.length >= 6);
    for (const line of lines) await type(line);
    const held = await stack.stores.incidents.get(names.INCIDENT ?? '');
    assert.equal(held?.goal?.tier, 'delete-host');
  });

  it('show what is known, and write a report', async () => {
    assert.match(await type('firebreak incidents'), /isolate|delete-host/);
    assert.match(await type('firebreak incidents INCIDENT'), /quarantine-pod/);
    for (const line of linesOf('firebreak report INCIDENT')) await type(line);
    assert.match(await readFile(join(dir, 'incident.html'), 'utf8'), /kubectl cordon/);
    assert.match(await type('firebreak dead-letters'), /no dead letters/);
  });

  it('halt and resume, release and close', async () => {
    for (const action of ['halt', 'resume', 'release INCIDENT']) {
      const [line = assert.fail(action)] = linesOf(`firebreak ${action}`);
      await type(line);
    }
    const { items } = await stack.stores.incidents.list({});
    const other = items.find(({ id }) => id !== names.INCIDENT);
    const [close = assert.fail('close')] = linesOf('firebreak close INCIDENT');
    names.INCIDENT = other?.id ?? '';
    await type(close);
  });
});
