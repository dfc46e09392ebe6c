import { strict as assert } from 'node:assert';
import { parseAllDocuments } from 'yaml';
import { main } from '../../cli/main.ts';
import { readSettings } from '../../shared/containment/settings.ts';
import { captured } from './kit.ts';

type Printed = { kind: string; metadata: { name: string; namespace?: string }; [field: string]: unknown };

const rbac = async (...argv: string[]): Promise<{ code: number; out: string; err: string }> => {
  const { io, said } = captured();
  const code = await main(['rbac', ...argv], io);
  return { code, ...(await said()) };
};
const documents = (out: string): Printed[] => parseAllDocuments(out).map((one) => one.toJS());
const bound = (printed: readonly Printed[], name: string): string[] =>
  printed
    .filter((one) => one.kind === 'ClusterRoleBinding' && one.metadata.name === name)
    .flatMap((one) => [one.subjects].flat().map((subject) => String(Object(subject).name)));
const policyOf = (printed: readonly Printed[]) =>
  Object(printed.find((one) => one.kind === 'ValidatingAdmissionPolicy')).spec;

describe('firebreak rbac', () => {
  it('prints YAML documents in the order in which kubectl must apply them', async () => {
    const { code, out, err } = await rbac('--project', 'p1');
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    const kinds = documents(out).map((one) => one.kind);
    assert.equal(kinds[0], 'Namespace');
    assert.deepEqual(
      [...new Set(kinds)],
      [
        'Namespace',
        'ClusterRole',
        'ClusterRoleBinding',
        'Role',
        'RoleBinding',
        'ValidatingAdmissionPolicy',
        'ValidatingAdmissionPolicyBinding',
      ],
    );
  });
  it('prints the same as JSON', async () => {
    const list = JSON.parse((await rbac('--project', 'p1', '--json')).out);
    assert.equal(list.kind, 'List');
    assert.deepEqual(list.items, documents((await rbac('--project', 'p1')).out));
  });
  it('binds the account of each function, by e-mail address and by numeric id', async () => {
    const given = ['--user', 'contain=104857600000000000001', '--user', 'decide=decider@p2.iam.gserviceaccount.com'];
    const printed = documents((await rbac('--project', 'p1', ...given)).out);
    assert.deepEqual(bound(printed, 'firebreak-contain'), [
      'firebreak-contain@p1.iam.gserviceaccount.com',
      '104857600000000000001',
    ]);
    assert.deepEqual(bound(printed, 'firebreak-decide'), ['decider@p2.iam.gserviceaccount.com']);
    assert.deepEqual(bound(printed, 'firebreak-operate'), ['firebreak-operate@p1.iam.gserviceaccount.com']);
    const [condition] = policyOf(printed).matchConditions;
    for (const user of bound(printed, 'firebreak-contain')) assert.ok(condition.expression.includes(`'${user}'`));
  });
  it('derives the accounts of a domain-scoped project', async () => {
    const printed = documents((await rbac('--project', 'example.com:p1')).out);
    assert.deepEqual(bound(printed, 'firebreak-decide'), ['firebreak-decide@p1.example.com.iam.gserviceaccount.com']);
  });
  it('prints placeholders without a project, and names what is missing', async () => {
    const { code, out, err } = await rbac();
    assert.equal(code, 0);
    assert.match(out, /firebreak-contain@PROJECT\.iam\.gserviceaccount\.com/);
    assert.match(err, /PROJECT stands in the accounts of contain, decide, operate, .*--project/);
  });
  it('protects the given namespaces, or those of the system by default', async () => {
    const isProtected = async (...argv: string[]): Promise<string> => {
      const { variables } = policyOf(documents((await rbac('--project', 'p1', ...argv)).out));
      return variables.find((one: { name: string }) => one.name === 'isProtected').expression;
    };
    assert.match(await isProtected(), /'kube-system'.*startsWith\('gke-'\).*startsWith\('gmp-'\)/s);
    assert.equal(
      await isProtected('--protect', 'vault', '--protect', 'sys-*'),
      "variables.place == 'vault' || variables.place.startsWith('sys-')",
    );
  });
  it("keeps Firebreak's own pods in the namespace in which contain makes them, and takes no other", async () => {
    const { namespace } = readSettings({});
    const printed = documents((await rbac('--project', 'p1')).out);
    assert.equal(printed[0]?.metadata.name, namespace);
    const own = printed.filter((one) => one.metadata.namespace !== undefined);
    assert.deepEqual(
      own.map((one) => [one.kind, one.metadata.namespace]),
      [
        ['Role', namespace],
        ['RoleBinding', namespace],
      ],
    );
    assert.equal((await rbac('--project', 'p1', '--namespace', 'guards')).code, 2);
  });
  it('refuses in one sentence anything that cannot be a name', async () => {
    const wrong: Array<[RegExp, ...string[]]> = [
      [/not a valid project id/, '--project', "p1' || true"],
      [/FUNCTION=USER/, '--user', 'nobody=a@example.com'],
      [/not a valid e-mail address or numeric id/, '--user', "contain='"],
      [/GROUP\/RESOURCE/, '--owner', 'rollouts'],
      [/not a valid namespace/, '--protect', "a' || true || 'a"],
      [/not a valid namespace/, '--protect', '*'],
    ];
    for (const [sentence, ...argv] of wrong) {
      const { code, out, err } = await rbac(...argv);
      assert.equal(code, 2, argv.join(' '));
      assert.equal(out, '');
      assert.match(err, sentence);
    }
  });

  it('grants no right to delete workloads with --no-deleting, custom kinds included', async () => {
    const deleted = async (...argv: string[]): Promise<string[]> => {
      const printed = documents((await rbac('--project', 'p1', '--owner', 'argoproj.io/rollouts', ...argv)).out);
      const rules = printed.flatMap((one) => (/Role$/.test(one.kind) ? [one.rules].flat() : []));
      const deleting = rules.filter((rule) => [Object(rule).verbs].flat().includes('delete'));
      return [...new Set(deleting.flatMap((rule) => [Object(rule).resources].flat().map(String)))].toSorted();
    };
    assert.deepEqual(await deleted('--no-deleting'), ['networkpolicies']);
    assert.ok((await deleted()).includes('rollouts'));
    assert.ok((await deleted()).includes('pods'));
  });
});
