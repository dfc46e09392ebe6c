import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, type StackOptions, startStack } from '../../local/stack.ts';
import { makeRestBus } from '../../shared/adapters/bus-rest.ts';
import { describeWith } from '../require.ts';

const running: Stack[] = [];
let home: string;

const start = async (options: Partial<StackOptions> & { name?: string } = {}): Promise<Stack> => {
  const { name = '.firebreak', ...rest } = options;
  const stack = await startStack({ dir: join(home, name), functions: ['notify'], tickMs: 3_600_000, ...rest });
  running.push(stack);
  return stack;
};

const notice = { nothing: 'of a notice' };
const logOf = (stack: Stack, name = 'notify'): Promise<string> =>
  readFile(join(stack.dir, 'logs', `${name}.log`), 'utf8');

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const folders = (): void => {
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'firebreak stack '));
  });
  afterEach(async () => {
    for (const stack of running.splice(0)) await stack.stop();
    await rm(home, { recursive: true });
  });
};

describe('startStack', () => {
  folders();

  it('announces itself while it runs, and leaves no announcement, no open port and no process when it stops', async () => {
    const stack = await start();
    const { bus, store, evidence, pid, project } = JSON.parse(await readFile(join(stack.dir, 'local.json'), 'utf8'));
    assert.deepEqual([project, bus, pid], ['p1', stack.addresses.bus, process.pid]);
    assert.ok(existsSync(store));
    assert.equal(evidence, join(stack.dir, 'evidence'));
    const child = stack.pid('notify');
    assert.ok(isThere(child));
    await stack.stop();
    assert.equal(isThere(child), false);
    assert.equal(existsSync(join(stack.dir, 'local.json')), false);
    for (const address of [stack.addresses.bus, stack.addresses.functions.notify]) {
      await assert.rejects(fetch(address ?? 'http://none'));
    }
  });

  it('delivers what others publish over HTTP', async () => {
    const stack = await start();
    const bus = makeRestBus({ endpoint: stack.addresses.bus, project: stack.project });
    const id = await bus.publish('notices', notice);
    await stack.idle();
    assert.match(await logOf(stack), new RegExp(`message ${id} is no notice`));
    assert.deepEqual(stack.broker?.counters(), { published: 1, delivered: 1, acked: 1, nacked: 0, dead: 0 });
  });

  it('runs beside another stack', async () => {
    const [one, two] = await Promise.all([start({ name: 'one' }), start({ name: 'two' })]);
    await one.publish('notices', notice);
    await one.idle();
    assert.equal(one.broker?.counters().acked, 1);
    assert.equal(two.broker?.counters().published, 0);
  });

  it('refuses the folder of a running stack', async () => {
    await start();
    await assert.rejects(start(), /A stack runs in .* already/);
  });

  it('delivers what was published while the function was down', async () => {
    const stack = await start();
    await stack.kill('notify');
    await stack.publish('notices', notice);
    await stack.idle();
    assert.equal(stack.broker?.counters().acked, 1);
    assert.equal(stack.broker?.counters().dead, 0);
  });

  it('delivers every message as often as the faults say', async () => {
    const stack = await start();
    stack.broker?.setFaults({ copies: () => 5 });
    await stack.publish('notices', notice);
    await stack.idle();
    assert.equal(stack.broker?.counters().acked, 5);
  });

  it('stops the parts that it started if another part does not start', async () => {
    const policy = join(home, 'no-such-policy.yaml');
    const rejected = assert.rejects(
      start({ functions: ['notify', 'contain'], policy }),
      /FIREBREAK_POLICY.*cannot be read/s,
    );
    await rejected;
    assert.deepEqual((await readdir(join(home, '.firebreak'))).includes('local.json'), false);
    await start({ functions: ['notify'] });
  });

  it('publishes ticks', async () => {
    const stack = await start({ tickMs: 20 });
    while ((stack.broker?.published('tick').length ?? 0) < 2) await stack.idle().then(() => new Promise(setImmediate));
    const [tick] = stack.broker?.published('tick') ?? [];
    assert.match(Buffer.from(tick?.data ?? '', 'base64').toString(), /^{"at":"\d{4}-.*Z"}$/);
  });
});

describeWith('pubsub', 'startStack over the Pub/Sub emulator', function () {
  this.timeout(60_000);
  folders();

  it('delivers messages, tells when it is idle, and closes its bus when it stops', async () => {
    const stack = await start({ pubsub: 'emulator' });
    const id = await stack.publish('notices', notice);
    await stack.idle();
    assert.match(await logOf(stack), new RegExp(`message ${id} is no notice`));
    const bus = makeRestBus({ endpoint: stack.addresses.bus, project: stack.project });
    await bus.publish('notices', { second: true });
    await stack.stop();
    await assert.rejects(fetch(stack.addresses.bus));
  });
});
