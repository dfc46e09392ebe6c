import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/steps.ts';
import { ACCESS } from '../../shared/access.ts';
import { MOST_OF_ONE, MOST_STREAMS } from '../../shared/console/live.ts';
import { FUNCTIONS, type FunctionName } from '../../shared/model/ids.ts';
import { WIRINGS } from '../../shared/wiring.ts';
import { withoutLogLines } from '../kit/without-log-lines.ts';
import { LOCALS, nested, resource } from './parsed.ts';

const NAME = /FIREBREAK_[A-Z0-9_]+/g;

/** The files that read the environment. */
const READERS = ['shared/environment.ts', 'shared/containment/settings.ts', 'shared/notify-settings.ts'];
const read = new Set(
  READERS.flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^ +(FIREBREAK_[A-Z0-9_]+):/gm)].map(([, name = '']) => name),
  ),
);

/** The variable names in an expression, including those of the locals that it merges. */
const namesIn = (expression: unknown): string[] => {
  const text = JSON.stringify(expression);
  const merged = [...text.matchAll(/local\.(bus|memory|incidents|served_by|identities)\b/g)].flatMap(([, local = '']) =>
    namesIn(LOCALS[local]),
  );
  return [...new Set([...(text.match(NAME) ?? []), ...merged])];
};

const told: Readonly<Record<string, unknown>> = Object(LOCALS.told);
const secrets: Readonly<Record<string, unknown>> = Object(LOCALS.secrets);

const namesOf = (name: FunctionName): string[] => [
  'FIREBREAK_PROJECT',
  ...namesIn(told[name]),
  ...namesIn(secrets[name] ?? {}),
  ...ACCESS[name].files.flatMap((file) => {
    const variable = `FIREBREAK_${file.toUpperCase()}`;
    return [variable, `${variable}_SHA256`];
  }),
];

const sha256 = (path: string): string =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, path)))
    .digest('hex');

/** The value that Terraform gives each variable in a deployment that uses everything. */
const VALUES: Readonly<Record<string, string>> = {
  FIREBREAK_PROJECT: 'my-project-1',
  FIREBREAK_BUS: 'pubsub',
  FIREBREAK_STORE: 'firestore:incidents',
  FIREBREAK_MEMORY_STORE: 'firestore:memory',
  FIREBREAK_EVIDENCE: 'gs://my-project-1-firebreak-evidence',
  FIREBREAK_CLUSTERS: '[{"project":"my-project-1","location":"europe-west1","cluster":"c1"}]',
  FIREBREAK_NETWORK: 'vpc',
  FIREBREAK_THREAT_TOPICS:
    '{"threat-europe-west1-c1":{"project":"my-project-1","location":"europe-west1","cluster":"c1"}}',
  FIREBREAK_POLICY: join(ROOT, 'config/policy.yaml'),
  FIREBREAK_RULES: join(ROOT, 'config/rules.yaml'),
  FIREBREAK_POLICY_SHA256: sha256('config/policy.yaml'),
  FIREBREAK_RULES_SHA256: sha256('config/rules.yaml'),
  FIREBREAK_IDENTITIES:
    'firebreak-contain@my-project-1.iam.gserviceaccount.com,firebreak-decide@my-project-1.iam.gserviceaccount.com',
  FIREBREAK_OPERATOR_AUDIENCE: '/projects/123456789012/global/backendServices/1234567890123456789',
  FIREBREAK_FORENSICS_IMAGE: `tools.example.com/forensics@sha256:${'0'.repeat(64)}`,
  FIREBREAK_KILLER_IMAGE: `tools.example.com/killer@sha256:${'0'.repeat(64)}`,
  FIREBREAK_INVESTIGATION_FROM: 'tag:bastion',
  FIREBREAK_INVESTIGATION_MINUTES: '120',
  FIREBREAK_INVESTIGATION_SSH_KEY: 'ana:ssh-ed25519 AAAA',
  FIREBREAK_CONSOLE_URL: 'https://firebreak.example.com',
  FIREBREAK_SLACK_CHANNEL: 'C0123456789',
  FIREBREAK_SLACK_TOKEN: 'xoxb-0123456789',
  FIREBREAK_PAGERDUTY_ROUTING_KEY: '0'.repeat(32),
  FIREBREAK_PAGERDUTY_ENDPOINT: 'https://events.eu.pagerduty.com',
  FIREBREAK_WEBHOOK_URL: 'https://hooks.example.com/firebreak',
  FIREBREAK_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
};

/** What each function receives, once everything is set, beyond what it cannot start without. */
const HANDED: Readonly<Record<FunctionName, readonly string[]>> = {
  'detect-audit-log': ['logs', 'detector', 'memory'],
  'detect-cryptomining': ['metrics', 'clusters', 'memory'],
  'detect-threat': ['clusterOfTopic'],
  decide: ['clusters', 'compute', 'policy', 'rules'],
  operate: ['clusters', 'compute', 'policy', 'verifier'],
  contain: ['clusters', 'compute', 'evidence', 'settings'],
  notify: ['threads', 'notifiers'],
  console: ['stores', 'evidence', 'door'],
};

/** Variables for tests or for one machine, and those that are set outside these maps. */
const NOT_SET = [
  'FIREBREAK_COMPUTE_ENDPOINT',
  'FIREBREAK_CONSOLE_OPERATOR',
  'FIREBREAK_CONTAINER_ENDPOINT',
  'FIREBREAK_LOGGING_ENDPOINT',
  'FIREBREAK_MONITORING_ENDPOINT',
  'FIREBREAK_OTLP_ENDPOINT',
  'FIREBREAK_SLACK_ENDPOINT',
  'FIREBREAK_TOKEN',
];

describe('the environment that Terraform gives to functions', () => {
  it('sets every variable that the code reads, and no other', () => {
    const set = new Set(FUNCTIONS.flatMap(namesOf));
    assert.deepEqual(
      [...set].filter((name) => !read.has(name)),
      [],
    );
    assert.deepEqual([...read].filter((name) => !set.has(name)).toSorted(), NOT_SET);
  });

  for (const name of FUNCTIONS) {
    it(`starts ${name} with everything that it may use`, async () => {
      const env = Object.fromEntries(
        namesOf(name).map((variable) => [variable, VALUES[variable] ?? assert.fail(`${variable} has no value here`)]),
      );
      const ports: object = await withoutLogLines<object>(() => WIRINGS[name](env));
      for (const port of HANDED[name]) assert.ok(port in ports, port);
    });
  }

  it('tells our own identities only to the function that reads who changed something', () => {
    assert.deepEqual(
      FUNCTIONS.filter((name) => namesOf(name).includes('FIREBREAK_IDENTITIES')),
      ['detect-audit-log'],
    );
  });

  it('is documented: each variable, and the functions that it is set for', () => {
    const [page, notices] = ['docs/functions.md', 'docs/notices.md'].map((path) =>
      readFileSync(join(ROOT, path), 'utf8'),
    );
    const rows = [...(page ?? '').matchAll(/^\| `(FIREBREAK_\w+)` +\| ([a-z, -]+?) +\|/gm)];
    assert.ok(rows.length > 15);
    for (const [, variable = '', cell = ''] of rows) {
      const [whole, left] = cell.split(' but ');
      const functions = whole === 'all' ? FUNCTIONS.filter((name) => name !== left) : cell.split(', ');
      const set = FUNCTIONS.filter(
        (name) => variable === 'FIREBREAK_OTLP_ENDPOINT' || namesOf(name).includes(variable),
      );
      assert.deepEqual([...functions].toSorted(), [...set].toSorted(), variable);
    }
    for (const variable of read) assert.ok(`${page}${notices}`.includes(`\`${variable}\``), variable);
  });

  it('allows more concurrent requests to a console instance than streams', () => {
    const { concurrency } = Object(Object(LOCALS.sizes).console);
    assert.equal(typeof concurrency, 'number');
    assert.ok(MOST_STREAMS <= (3 * concurrency) / 4, `${MOST_STREAMS} of ${concurrency}`);
    assert.ok(MOST_OF_ONE < MOST_STREAMS / 2);
  });

  it('sets no Node.js option that the deployed version refuses', () => {
    const config = nested(resource('google_cloudfunctions2_function', 'function'), 'service_config');
    const [, options = ''] =
      /NODE_OPTIONS\s*=\s*\\?"([^"\\]+)/.exec(JSON.stringify(config.environment_variables)) ?? [];
    assert.notEqual(options, '');
    const script = "process.stdout.write(String(require('node:v8').getHeapStatistics().heap_size_limit))";
    const limitWith = (env: Record<string, string>): number =>
      Number(execFileSync(process.execPath, ['--max-old-space-size=64', '-e', script], { env, encoding: 'utf8' }));
    assert.ok(limitWith({ NODE_OPTIONS: options }) < limitWith({}));
  });

  it('passes policy and rules as files, and secrets as variables of notify only', () => {
    assert.deepEqual(Object.keys(secrets), ['notify']);
    const files = Object(LOCALS.files);
    assert.deepEqual([files.policy.variable, files.rules.variable], ['FIREBREAK_POLICY', 'FIREBREAK_RULES']);
    const config = nested(resource('google_cloudfunctions2_function', 'function'), 'service_config');
    assert.equal(config.secret_environment_variables, undefined);
    assert.match(JSON.stringify(config.dynamic), /secret_volumes/);
  });
});
