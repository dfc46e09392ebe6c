import { strict as assert } from 'node:assert';
import { readConfig } from '../../shared/config.ts';

describe('readConfig', () => {
  it('reads every variable of a local stack', () => {
    const env = {
      FIREBREAK_PROJECT: 'p1',
      FIREBREAK_BUS: 'rest:http://127.0.0.1:8085',
      FIREBREAK_STORE: 'sqlite:/data/with space/incidents.db',
      FIREBREAK_MEMORY_STORE: 'memory',
      FIREBREAK_EVIDENCE: 'folder:/data/evidence',
      FIREBREAK_CLUSTERS: '[{"project":"p1","location":"europe-west1","cluster":"c1"}]',
      FIREBREAK_NETWORK: 'vpc',
      PUBSUB_EMULATOR_HOST: '127.0.0.1:8086',
      FIRESTORE_EMULATOR_HOST: 'localhost:8087',
      FIREBREAK_CONTAINER_ENDPOINT: 'http://127.0.0.1:9001',
      FIREBREAK_COMPUTE_ENDPOINT: 'http://127.0.0.1:9002',
      FIREBREAK_LOGGING_ENDPOINT: 'http://127.0.0.1:9003',
      FIREBREAK_MONITORING_ENDPOINT: 'http://127.0.0.1:9004',
      FIREBREAK_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      FIREBREAK_TOKEN: 'local',
      FIREBREAK_POLICY: 'config/policy.yaml',
      FIREBREAK_POLICY_SHA256: 'a'.repeat(64),
      FIREBREAK_RULES: 'config/rules.yaml',
      FIREBREAK_RULES_SHA256: 'b'.repeat(64),
      FIREBREAK_IDENTITIES: 'contain@p1.iam.gserviceaccount.com, decide@p1.iam.gserviceaccount.com',
      FIREBREAK_THREAT_TOPICS: '{"threat-c1":{"project":"p1","location":"europe-west1","cluster":"c1"}}',
      FIREBREAK_OPERATOR_AUDIENCE: 'firebreak-p1, 32555940559.apps.googleusercontent.com',
      FIREBREAK_CONSOLE_OPERATOR: 'ana@example.com',
      PATH: '/bin',
    };
    assert.deepEqual(readConfig(env), {
      project: 'p1',
      bus: { kind: 'rest', endpoint: 'http://127.0.0.1:8085' },
      store: { kind: 'sqlite', path: '/data/with space/incidents.db', synchronous: 'full' },
      memory: { kind: 'memory' },
      evidence: { kind: 'folder', path: '/data/evidence', synchronous: 'full' },
      clusters: [{ project: 'p1', location: 'europe-west1', cluster: 'c1' }],
      network: 'vpc',
      pubsubEmulator: '127.0.0.1:8086',
      firestoreEmulator: 'localhost:8087',
      containerEndpoint: 'http://127.0.0.1:9001',
      computeEndpoint: 'http://127.0.0.1:9002',
      loggingEndpoint: 'http://127.0.0.1:9003',
      monitoringEndpoint: 'http://127.0.0.1:9004',
      otlpEndpoint: 'http://127.0.0.1:4318',
      token: 'local',
      policy: 'config/policy.yaml',
      policySha256: 'a'.repeat(64),
      rules: 'config/rules.yaml',
      rulesSha256: 'b'.repeat(64),
      operatorAudience: ['firebreak-p1', '32555940559.apps.googleusercontent.com'],
      consoleOperator: 'ana@example.com',
      identities: ['contain@p1.iam.gserviceaccount.com', 'decide@p1.iam.gserviceaccount.com'],
      threatTopics: new Map([['threat-c1', { project: 'p1', location: 'europe-west1', cluster: 'c1' }]]),
    });
  });

  it('reads the variables of a deployment', () => {
    const config = readConfig({
      FIREBREAK_PROJECT: 'p1',
      FIREBREAK_BUS: 'pubsub',
      FIREBREAK_EVIDENCE: 'gs://p1-evidence',
    });
    assert.deepEqual(config.bus, { kind: 'pubsub' });
    assert.deepEqual(config.evidence, { kind: 'storage', bucket: 'p1-evidence' });
  });

  for (const [variable, value] of [
    ['FIREBREAK_PROJECT', '../p1'],
    ['FIREBREAK_BUS', 'rest:'],
    ['FIREBREAK_BUS', 'rest:file:///etc'],
    ['FIREBREAK_BUS', 'rest:http://user:hunter2@127.0.0.1'],
    ['FIREBREAK_STORE', 'sqlite:'],
    ['FIREBREAK_STORE', 'postgres://x'],
    ['FIREBREAK_MEMORY_STORE', 'x'],
    ['FIREBREAK_OPERATOR_AUDIENCE', 'a,,b'],
    ['PUBSUB_EMULATOR_HOST', 'http://127.0.0.1:8086'],
    ['FIRESTORE_EMULATOR_HOST', 'localhost'],
    ['FIREBREAK_EVIDENCE', 'gs://UPPER'],
    ['FIREBREAK_EVIDENCE', '/data'],
    ['FIREBREAK_NETWORK', 'default'],
    ['FIREBREAK_POLICY_SHA256', 'abc'],
    ['FIREBREAK_CLUSTERS', 'c1'],
    ['FIREBREAK_CLUSTERS', '[]'],
    ['FIREBREAK_CLUSTERS', '[{"project":"p1","cluster":"c1"}]'],
    ['FIREBREAK_COMPUTE_ENDPOINT', '127.0.0.1:9002'],
    ['FIREBREAK_LOGGING_ENDPOINT', '127.0.0.1:9003'],
    ['FIREBREAK_MONITORING_ENDPOINT', '127.0.0.1:9004'],
    ['FIREBREAK_OTLP_ENDPOINT', 'collector:4318'],
    ['FIREBREAK_IDENTITIES', 'a@example.com b@example.com'],
    ['FIREBREAK_THREAT_TOPICS', '["threat-c1"]'],
    ['FIREBREAK_THREAT_TOPICS', '{"../x":{"project":"p1","location":"europe-west1","cluster":"c1"}}'],
  ] as const) {
    it(`names ${variable} if it is ${value}`, () => {
      assert.throws(
        () => readConfig({ FIREBREAK_PROJECT: 'p1', [variable]: value }),
        (error) =>
          error instanceof Error && error.message.includes(`${variable}: `) && !error.message.includes('hunter2'),
      );
    });
  }

  it('names every missing variable at once', () => {
    const env = { FIREBREAK_PROJECT: 'p1', FIREBREAK_BUS: '', FIREBREAK_STORE: 'memory' };
    assert.throws(() => readConfig(env, ['bus', 'store', 'clusters']), /^Error: .*BUS: not set.*CLUSTERS: not set/);
    assert.doesNotThrow(() => readConfig(env, ['store']));
  });
});
