import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { ROOT } from '../../scripts/steps.ts';
import { accountEmail, functionName } from '../../shared/deployment.ts';
import { CLUSTER_FUNCTIONS } from '../../shared/kubernetes/rbac-roles.ts';
import { captured } from '../cli/kit.ts';
import { LOCALS } from './parsed.ts';

const ids = new Map(CLUSTER_FUNCTIONS.map((name, n) => [name, `10485760000000000000${n}`]));

describe('the manifests that Terraform prints', () => {
  for (const [file, flags] of [
    ['kubernetes.json', []],
    ['kubernetes-keeping.json', ['--no-deleting']],
  ] as const)
    it(`are those of firebreak rbac ${flags.join(' ')}, with the accounts filled in`, async () => {
      const { io, said } = captured();
      const users = [...ids].flatMap(([name, id]) => ['--user', `${name}=${id}`]);
      assert.equal(await main(['rbac', '--json', '--project', 'p1', ...users, ...flags], io), 0);
      let text = readFileSync(join(ROOT, 'terraform/generated', file), 'utf8');
      for (const [name, id] of ids)
        text = text
          .replaceAll(`EMAIL-OF-${name}`, accountEmail(functionName(name), 'p1'))
          .replaceAll(`ID-OF-${name}`, id);
      assert.deepEqual(JSON.parse(text), JSON.parse((await said()).out));
    });

  it('have every account placeholder replaced by Terraform', () => {
    const replaced = JSON.stringify([LOCALS.by_email, LOCALS.kubernetes]);
    for (const name of CLUSTER_FUNCTIONS)
      for (const what of ['EMAIL-OF', 'ID-OF']) assert.ok(replaced.includes(`${what}-${name}`), name);
  });
});
