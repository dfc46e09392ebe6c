import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inLanes } from '../kit/lanes.ts';
import { PLANTED, type PlantedBug } from './planted.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MOST_SEEDS = 2_000;

/** A copy of the source with the bug planted in it. Returns its folder. */
const planted = async (bug: PlantedBug): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'firebreak planted '));
  const parts = ['shared', 'functions', 'local', 'test', 'config', 'package.json'];
  await Promise.all(parts.map((part) => cp(join(ROOT, part), join(dir, part), { recursive: true })));
  await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  for (const { file, find, plant } of bug.changes) {
    const path = join(dir, file);
    const source = await readFile(path, 'utf8');
    assert.ok(source.includes(find), `${bug.name}: ${file} no longer says\n${find}`);
    await writeFile(path, source.replace(find, plant));
  }
  return dir;
};

const firstBroken = async (dir: string, from: number, seeds: number): Promise<unknown> => {
  const play = join(dir, 'test/simulation/play.ts');
  // Nobody runs this copy of the source again, so what Node.js compiles of it need not be kept.
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, [play, String(from), String(seeds)], {
    cwd: dir,
    env,
  });
  const { broken } = JSON.parse(stdout);
  return broken[0] ?? null;
};

/** The first broken invariant of a bug: in the play that is listed for it, else in the first one that finds it. */
const foundIn = async (bug: PlantedBug): Promise<unknown> => {
  const dir = await planted(bug);
  try {
    return (await firstBroken(dir, bug.seed, 1)) ?? (await firstBroken(dir, 1, MOST_SEEDS));
  } finally {
    await rm(dir, { recursive: true });
  }
};

describe('the simulation', function () {
  this.timeout(1_200_000);
  let found: (bug: PlantedBug) => Promise<unknown>;
  before(() => {
    found = inLanes(PLANTED, foundIn);
  });

  for (const bug of PLANTED) {
    it(`finds the planted bug "${bug.name}" within ${MOST_SEEDS} seeds`, async () => {
      const broken = await found(bug);
      assert.ok(broken, 'nothing was found');
      if (process.env.FIREBREAK_TELL !== undefined) console.log(`      ${JSON.stringify(broken).slice(0, 300)}`);
    });
  }
});
