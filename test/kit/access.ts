import { strict as assert } from 'node:assert';
import { z } from 'zod';
import { main } from '../../cli/main.ts';
import { Conflict } from '../../shared/errors.ts';
import type { ClusterWriter } from '../../shared/ports.ts';
import { captured } from '../cli/kit.ts';

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
export type Printed = z.infer<typeof manifest>;

/** The manifests that `firebreak rbac` prints for project p1, with the numeric ids of two service accounts. */
export const printedAccess = async (ids: { contain: string; decide: string }): Promise<Printed[]> => {
  const { io, said } = captured();
  const users = ['--user', `contain=${ids.contain}`, '--user', `decide=${ids.decide}`];
  const code = await main(['rbac', '--json', '--project', 'p1', ...users], io);
  const { out, err } = await said();
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  return z.object({ items: z.array(manifest) }).parse(JSON.parse(out)).items;
};

/** Applies manifests as an administrator would; objects that exist already are left as they are. */
export const applyAll = async (admin: ClusterWriter, manifests: readonly Printed[]): Promise<void> => {
  for (const { metadata, ...rest } of manifests) {
    const { namespace, ...named } = metadata;
    const object = { ...rest, metadata: { ...named, ...(namespace === undefined ? {} : { namespace }) } };
    await admin.create(object).catch((thrown: unknown) => {
      if (!(thrown instanceof Conflict)) throw thrown;
    });
  }
};
