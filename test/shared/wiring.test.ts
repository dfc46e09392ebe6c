import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { FUNCTIONS } from '../../shared/model/ids.ts';
import type { PortsOf } from '../../shared/ports-of.ts';
import type { Environment } from '../../shared/read-environment.ts';
import { WIRINGS } from '../../shared/wiring.ts';
import { withoutLogLines } from '../kit/without-log-lines.ts';

const wire = <Name extends keyof PortsOf>(name: Name, env: Environment): Promise<PortsOf[Name]> =>
  withoutLogLines(() => WIRINGS[name](env));

describe('the wirings', () => {
  const cloud = {
    FIREBREAK_PROJECT: 'p1',
    FIREBREAK_BUS: 'rest:http://127.0.0.1:1',
    FIREBREAK_STORE: 'memory',
    FIREBREAK_CLUSTERS: '[{"project":"p1","location":"europe-west1","cluster":"c1"}]',
    FIREBREAK_CONTAINER_ENDPOINT: 'http://127.0.0.1:1',
    FIREBREAK_COMPUTE_ENDPOINT: 'http://127.0.0.1:1',
    FIREBREAK_TOKEN: 'token',
  };

  it('give a detector a bus, but no cluster, Compute Engine or incidents', async () => {
    const env = { FIREBREAK_PROJECT: 'p1', FIREBREAK_BUS: 'rest:http://127.0.0.1:1' };
    const threat = await wire('detect-threat', env);
    assert.deepEqual(Object.keys(threat).sort(), [
      'bus',
      'clock',
      'clusterOfTopic',
      'detector',
      'log',
      'project',
      'spans',
    ]);
    const audit = await wire('detect-audit-log', { ...env, FIREBREAK_MEMORY_STORE: 'memory' });
    assert.deepEqual(Object.keys(audit).sort(), ['bus', 'clock', 'detector', 'log', 'memory', 'spans']);
    const logs = {
      FIREBREAK_MEMORY_STORE: 'memory',
      FIREBREAK_LOGGING_ENDPOINT: 'http://127.0.0.1:1',
      FIREBREAK_TOKEN: 't',
    };
    assert.ok('logs' in (await wire('detect-audit-log', { ...env, ...logs })));
  });

  it('give notify its threads, but no cluster, Compute Engine or incidents', async () => {
    const ports = await wire('notify', { FIREBREAK_PROJECT: 'p1', FIREBREAK_MEMORY_STORE: 'memory' });
    assert.deepEqual(Object.keys(ports).sort(), ['clock', 'log', 'notifiers', 'spans', 'threads']);
    assert.deepEqual(
      ports.notifiers.map(({ id }) => id),
      ['cloud-logging'],
    );
  });

  it('give contain write access to clusters and Compute Engine, and the evidence', async () => {
    const ports = await wire('contain', { ...cloud, FIREBREAK_EVIDENCE: 'folder:/nowhere' });
    assert.equal(typeof ports.clusters.writer, 'function');
    assert.equal(typeof ports.compute.setTags, 'function');
    assert.equal(typeof ports.evidence.put, 'function');
    assert.deepEqual(ports.clusters.served(), [{ project: 'p1', location: 'europe-west1', cluster: 'c1' }]);
  });

  it('give the console incidents to read and requests to publish, but nothing else to write', async () => {
    const env = { FIREBREAK_PROJECT: 'p1', FIREBREAK_BUS: 'rest:http://127.0.0.1:1', FIREBREAK_STORE: 'memory' };
    const here = { ...env, FIREBREAK_CONSOLE_OPERATOR: 'ana@example.com' };
    const ports = await wire('console', { ...here, FIREBREAK_EVIDENCE: 'folder:/nowhere' });
    assert.ok(!('bus' in ports) && !('clusters' in ports) && !('compute' in ports));
    for (const store of Object.values(ports.stores)) assert.deepEqual(Object.keys(store).sort(), ['get', 'list']);
    assert.deepEqual(Object.keys(ports.evidence ?? {}), ['get']);
    await assert.rejects(async () => ports.evidence?.get('incidents/i/u/logs/cart.log'), /not for the console/);
    assert.equal(ports.door.kind, 'local');
  });

  it('open the console only if it can identify its visitors', async () => {
    const env = { FIREBREAK_PROJECT: 'p1', FIREBREAK_BUS: 'rest:http://127.0.0.1:1', FIREBREAK_STORE: 'memory' };
    await assert.rejects(wire('console', env), /FIREBREAK_OPERATOR_AUDIENCE: not set/);
    const deployed = { ...env, FIREBREAK_CONSOLE_OPERATOR: 'ana@example.com', K_SERVICE: 'firebreak-console' };
    await assert.rejects(wire('console', deployed), /FIREBREAK_CONSOLE_OPERATOR: for one machine only/);
    const audience = { ...env, FIREBREAK_OPERATOR_AUDIENCE: '/projects/1/global/backendServices/2' };
    assert.equal((await wire('console', audience)).door.kind, 'verified');
    const both = { ...audience, FIREBREAK_CONSOLE_OPERATOR: 'ana@example.com' };
    assert.equal((await wire('console', both)).door.kind, 'verified');
  });

  it('give each process of contain its own name', async () => {
    const env = { ...cloud, FIREBREAK_EVIDENCE: 'folder:/nowhere' };
    assert.notEqual((await wire('contain', env)).owner, (await wire('contain', env)).owner);
  });

  for (const name of FUNCTIONS) {
    it(`name the variable that ${name} lacks`, async () => {
      await assert.rejects(wire(name, { FIREBREAK_PROJECT: 'p1' }), /FIREBREAK_[A-Z_]+: not set, and this function/);
      await assert.rejects(wire(name, {}), /FIREBREAK_PROJECT: not set/);
    });
  }

  it('change nothing if no policy is named', async () => {
    const { capOf } = await wire('contain', { ...cloud, FIREBREAK_EVIDENCE: 'folder:/nowhere' });
    const incident = JSON.parse(
      await readFile(new URL('../fixtures/documents/v1/incident.json', import.meta.url), 'utf8'),
    );
    assert.equal(capOf(incident).mode, 'dry-run');
  });

  it('load a client library only when it is called', async () => {
    const adapters = ['clock', 'lines', 'log-stdout', 'request-domains', 'spans'].map(
      (name) => `./adapters/${name}.ts`,
    );
    const light = [...adapters, './basics.ts', './clients.ts', './config.ts', './once.ts', './traced.ts'];
    for (const file of ['wiring.ts', 'basics.ts', 'clients.ts']) {
      const text = await readFile(new URL(`../../shared/${file}`, import.meta.url), 'utf8');
      const loaded = [...text.matchAll(/^import (?!type)[^;]*? from '([^']+)';$/gms)].map(([, path]) => path);
      assert.deepEqual(
        loaded.filter((path) => !light.includes(path ?? '')),
        [],
      );
    }
  });
});
