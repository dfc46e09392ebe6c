import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const DOMAINS = new URL('../../../shared/adapters/request-domains.ts', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The source of a function on the framework that fails in the way its message names. */
const CODE = (light: boolean, beside: boolean): string => `
  import domain from 'node:domain';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { cloudEvent } from '@google-cloud/functions-framework';
  import { getTestServer } from '@google-cloud/functions-framework/testing';
  import { lightenDomains } from ${JSON.stringify(DOMAINS)};
  if (${beside}) domain.create();
  if (${light}) lightenDomains();
  process.on('unhandledRejection', () => process.exit(16));
  const fail = async (ms, said) => { await sleep(ms); throw new Error(said); };
  const work = {
    follows: async () => Object.hasOwn(Promise.resolve(), 'domain') ? 'followed' : 'left alone',
    enters: async () => { process.domain.enter(); process.domain.exit(); return 'entered'; },
    rejects: async () => fail(5, 'rejected'),
    forgets: async () => { void fail(5, 'forgotten'); await sleep(10_000); },
    answers: async () => { await sleep(100); return 'answered'; },
    later: async () => { void fail(50, 'too late'); },
    throws: async () => { setTimeout(() => { throw new Error('of nobody'); }, 5); await sleep(10_000); },
  };
  cloudEvent('fails', async (event) => work[Buffer.from(event.data.message.data, 'base64').toString()]());
  process.on('message', () => void fail(0, 'of nobody'));
  const server = getTestServer('fails').listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.on('disconnect', () => process.exit());
`;

const started = async (light: boolean, beside: boolean): Promise<{ child: ChildProcess; url: string }> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CODE(light, beside)], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [port] = await once(child, 'message');
  return { child, url: `http://127.0.0.1:${port}/projects/p1/topics/firebreak-x` };
};

const pushed = async (url: string, data: string): Promise<[number, string]> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      subscription: 's',
      message: { messageId: '1', data: Buffer.from(data).toString('base64') },
    }),
  });
  return [response.status, await response.text()];
};

/** Sends requests that fail in different ways, one after the other and two at once. */
const TOLD = async (url: string) => ({
  rejects: await pushed(url, 'rejects'),
  'forgets, beside another': await Promise.all([pushed(url, 'forgets'), pushed(url, 'answers')]),
  later: await pushed(url, 'later'),
  'after that': await pushed(url, 'answers'),
});

/** Asserts that an error fails the request that it belongs to and no other. */
const failsAlone = (told: Awaited<ReturnType<typeof TOLD>>): void =>
  assert.deepEqual(
    [told.rejects[0], told['forgets, beside another'].map(([status]) => status), told.later[0], told['after that'][0]],
    [500, [500, 200], 204, 200],
  );

describe('request-domains', function () {
  this.timeout(30_000);
  const children: ChildProcess[] = [];
  const run = async (light: boolean, beside = false) => {
    const one = await started(light, beside);
    children.push(one.child);
    return one;
  };
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('behaves like the domains of Node.js: a rejection fails its own request and no other', async () => {
    const [light, heavy] = await Promise.all([run(true), run(false)]);
    const [ours, theirs] = await Promise.all([TOLD(light.url), TOLD(heavy.url)]);
    assert.deepEqual(ours, theirs);
    failsAlone(ours);
  });

  it('does the same if another module has made a domain before', async () => {
    const { url } = await run(true, true);
    failsAlone(await TOLD(url));
  });

  it('can be entered and left like a domain, which Node.js does around callbacks of the process', async () => {
    const { url } = await run(true);
    assert.deepEqual(await pushed(url, 'enters'), [200, 'entered']);
  });

  it('leaves promises alone, while the domains of Node.js mark each one', async () => {
    const [light, heavy] = await Promise.all([run(true), run(false)]);
    assert.equal((await pushed(light.url, 'follows'))[1], 'left alone');
    assert.equal((await pushed(heavy.url, 'follows'))[1], 'followed');
  });

  it("hands a rejection that belongs to no request to the process's own listener", async () => {
    const { child, url } = await run(true);
    assert.equal((await pushed(url, 'answers'))[0], 200);
    child.send('go');
    const [code] = await once(child, 'exit');
    assert.equal(code, 16);
  });

  it('ends the process if something is thrown outside a promise', async () => {
    const { child, url } = await run(true);
    const answer = pushed(url, 'throws').catch((thrown: unknown) => thrown);
    const [code] = await once(child, 'exit');
    assert.notEqual(code, 0);
    assert.ok((await answer) instanceof Error);
  });
});
