import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT, tell } from './steps.ts';
import { planWhole } from './terraform/plan.ts';
import { fromRegistry, fromSchema, fromSource, isBuilt, type Provided, settingsFor } from './terraform/provide.ts';

// Runs Terraform's own checks on terraform/: format, validity, tests, and a plan of each example. Uses google's own
// provider if Terraform's registry is reachable or it has been built from its source, else a stand-in with its schema.
// FIREBREAK_TERRAFORM_PROVIDER chooses one: registry, source (built if need be, some minutes) or schema. Works on a
// copy, without an account, and leaves nothing in the checkout.

const line = z.looseObject({
  type: z.string(),
  '@message': z.string(),
  '@testfile': z.string().optional(),
  '@testrun': z.string().optional(),
  test_run: z.looseObject({ status: z.string().optional(), progress: z.string().optional() }).optional(),
  test_plan: z
    .looseObject({ resource_changes: z.array(z.looseObject({ type: z.string(), mode: z.string() })).default([]) })
    .optional(),
  diagnostic: z.looseObject({ severity: z.string(), summary: z.string(), detail: z.string().optional() }).optional(),
});

const copy = mkdtempSync(join(tmpdir(), 'firebreak-terraform-'));
const results: boolean[] = [];

const terraform = (folder: string, provided: Provided | undefined, ...args: string[]) => {
  const env = { ...process.env, ...settingsFor(provided?.config) };
  const run = spawnSync('terraform', [`-chdir=${folder}`, ...args], { encoding: 'utf8', env, maxBuffer: 2 ** 28 });
  if (run.error !== undefined) {
    const isMissing = 'code' in run.error && run.error.code === 'ENOENT';
    throw isMissing ? new Error('terraform is not on the PATH: install Terraform 1.9 or newer.') : run.error;
  }
  return { ok: run.status === 0, said: `${run.stdout}${run.stderr}`, stdout: run.stdout };
};

type Outcome = { ok: boolean; said: string };

const step = async (name: string, work: () => Outcome | Promise<Outcome>): Promise<boolean> => {
  const began = performance.now();
  const { ok, said } = await work();
  tell(name, ok, performance.now() - began);
  if (!ok) process.stdout.write(`${said}\n`);
  results.push(ok);
  return ok;
};

/** Chooses the provider. Contacts the registry once, with the first `init`. */
const choose = async (): Promise<Provided> => {
  const wanted = process.env.FIREBREAK_TERRAFORM_PROVIDER ?? '';
  if (wanted === 'schema') return fromSchema(process.env);
  if (wanted === 'source') return fromSource(process.env);
  const real = fromRegistry(process.env);
  const { ok, said } = terraform(join(copy, 'terraform'), real, 'init', '-no-color');
  if (ok) return real;
  if (wanted === 'registry') throw new Error(`The registry gave no provider: ${said}`);
  rmSync(join(copy, 'terraform', '.terraform'), { recursive: true, force: true });
  return isBuilt(process.env) ? fromSource(process.env) : fromSchema(process.env);
};

const told = (text: string): string[] =>
  text.split('\n').flatMap((one) => {
    try {
      const { type, '@message': message, diagnostic } = line.parse(JSON.parse(one));
      const detail = diagnostic?.detail ?? '';
      return type === 'diagnostic' && diagnostic?.severity === 'error' ? [`${message}\n${detail}`] : [];
    } catch {
      return [];
    }
  });

/**
 * Runs the tests of a module. Returns the numbers of resources, by type, that the plan of its last run creates, where
 * plans are asked for: with each, Terraform writes the whole schema of the provider.
 */
const test = (name: string, folder: string, provided: Provided, withPlans: boolean): Map<string, number> => {
  const byType = new Map<string, number>();
  const began = performance.now();
  const { ok, stdout, said } = terraform(folder, provided, 'test', '-json', ...(withPlans ? ['-verbose'] : []));
  const lines = stdout.split('\n').flatMap((one) => (one.startsWith('{') ? [line.parse(JSON.parse(one))] : []));
  const runs = lines.filter(({ type, test_run }) => type === 'test_run' && test_run?.progress === 'complete');
  const passed = runs.filter(({ test_run }) => test_run?.status === 'pass');
  tell(`${name}: ${passed.length} of ${runs.length} runs`, ok, performance.now() - began);
  results.push(...runs.map(({ test_run }) => test_run?.status === 'pass'));
  if (!ok) {
    results.push(false);
    for (const { '@testfile': file, '@testrun': run, test_run } of runs)
      if (test_run?.status !== 'pass')
        process.stdout.write(`  ${file ?? ''} ${run ?? ''}: ${test_run?.status ?? ''}\n`);
    process.stdout.write(`${told(stdout).join('\n\n') || said}\n`);
  }
  for (const { type, mode } of lines.findLast(({ test_plan }) => test_plan !== undefined)?.test_plan
    ?.resource_changes ?? [])
    if (mode === 'managed') byType.set(type, (byType.get(type) ?? 0) + 1);
  return byType;
};

try {
  for (const folder of ['terraform', 'config']) cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  // A file too large for a secret, made here rather than kept in the checkout.
  writeFileSync(join(copy, 'terraform/tests/fixtures/large.yaml'), `# ${'x'.repeat(70_000)}\ndomains: [example.com]\n`);
  // Stands for the built archives: a plan needs only their names and hashes.
  cpSync(join(ROOT, 'terraform/tests/fixtures/build'), join(copy, 'dist'), { recursive: true });
  await step('terraform fmt', () =>
    terraform(join(ROOT, 'terraform'), undefined, 'fmt', '-check', '-recursive', '-diff'),
  );
  const provided = await choose();
  process.stdout.write(`the provider is ${provided.called}\n`);
  const modules = ['.', ...globSync('examples/*', { cwd: join(copy, 'terraform') }).toSorted()];
  const plans = new Map<string, Map<string, number>>();
  for (const module of modules) {
    const folder = join(copy, 'terraform', module);
    const name = module === '.' ? 'terraform' : module;
    if (!(await step(`${name}: init`, () => terraform(folder, provided, 'init', '-no-color')))) continue;
    await step(`${name}: validate`, () => terraform(folder, provided, 'validate', '-no-color'));
    const plan = test(`${name}: test`, folder, provided, module !== '.');
    if (module === '.') continue;
    plans.set(module.replace('examples/', ''), plan);
    if (provided.real) await step(`${name}: plan, nothing mocked`, () => planWhole(folder, provided.config));
  }
  const types = [...new Set([...plans.values()].flatMap((plan) => [...plan.keys()]))].toSorted();
  const widths = [...plans.keys()].map((name) => Math.max(name.length, 5));
  const row = (name: string, cells: readonly (string | number)[]): string =>
    `${name.padEnd(48)}${cells.map((cell, at) => String(cell).padStart((widths[at] ?? 0) + 2)).join('')}\n`;
  process.stdout.write(row('resources that a plan of each example makes', [...plans.keys()]));
  for (const type of types)
    process.stdout.write(
      row(
        type,
        [...plans.values()].map((plan) => plan.get(type) ?? 0),
      ),
    );
  process.stdout.write(
    row(
      'in all',
      [...plans.values()].map((plan) => [...plan.values()].reduce((sum, one) => sum + one, 0)),
    ),
  );
} catch (thrown) {
  process.stdout.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  results.push(false);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const failed = results.filter((ok) => !ok).length;
process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
