import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type KubernetesServer, startKubernetesServer } from '../../../local/kubernetes-server.ts';
import { makeClusters } from '../../../shared/adapters/clusters.ts';
import { descriptionOf, endpointOf, readCluster } from '../../../shared/adapters/clusters-description.ts';
import { Denied, Transient } from '../../../shared/errors.ts';
import { makeCertificate } from '../../kit/certificate.ts';
import { startServer } from '../../kit/listening.ts';
import { playCluster } from '../../local/world/kubernetes/harness.ts';

const REF = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('makeClusters', () => {
  const { cluster } = playCluster();
  let server: KubernetesServer;
  let tokens: string[] = [];
  let now = 0;
  before(async () => {
    const identityOf = (token: string | undefined) => {
      if (token !== undefined) tokens.push(token);
      return token;
    };
    server = await startKubernetesServer({ clusters: new Map([['p1/europe-west1/c1', cluster]]), identityOf });
  });
  beforeEach(() => {
    tokens = [];
    now += 3_600_000;
  });
  after(() => server.stop());
  const open = (served = [REF]) =>
    makeClusters({
      served,
      token: async () => 'firebreak-contain',
      now: () => now,
      containerEndpoint: server.url,
      server: server.serverOf,
    });

  it('reads and changes a cluster, with a new token for each request', async () => {
    const clusters = open();
    const ref = { apiVersion: 'v1', kind: 'Node', name: 'n1' };
    const node = await clusters.reader(REF).get(ref);
    assert.equal(node?.metadata.name, 'n1');
    await clusters.writer(REF).patch(ref, { type: 'merge', body: { metadata: { uid: node.metadata.uid } } });
    assert.equal(tokens.length, 4);
  });
  it('describes a cluster, and reads the description again after 5 minutes', async () => {
    const clusters = open();
    const both = await Promise.all([clusters.describe(REF), clusters.describe(REF)]);
    assert.deepEqual(both[0], cluster.description());
    assert.deepEqual(both[0], both[1]);
    assert.equal(tokens.length, 1);
    now += 299_999;
    await clusters.describe(REF);
    assert.equal(tokens.length, 1);
    now += 1;
    await clusters.describe(REF);
    assert.equal(tokens.length, 2);
  });
  it('throws Denied for a cluster that it does not serve', async () => {
    const clusters = open();
    const other = { ...REF, location: 'europe-west2' };
    const denied = (e: unknown) => e instanceof Denied && /europe-west2\/c1 is not served/.test(e.message);
    await assert.rejects(clusters.describe(other), denied);
    assert.throws(() => clusters.reader(other), denied);
    assert.throws(() => clusters.writer(other), denied);
  });
  it('throws Denied for a cluster that does not exist', async () => {
    const gone = { ...REF, cluster: 'c9' };
    await assert.rejects(open([gone]).describe(gone), (e) => e instanceof Denied && /no cluster/.test(e.message));
  });
  it('does not take a cluster for missing because of a 404 by something before the container API', async () => {
    const page = await startServer((_request, response) => response.writeHead(404).end('<title>Error 404</title>'));
    try {
      const clusters = makeClusters({
        served: [REF],
        token: async () => 't',
        now: () => now,
        containerEndpoint: page.url,
      });
      await assert.rejects(clusters.describe(REF), (e) => e instanceof Transient && /answered 404/.test(e.message));
    } finally {
      await page.stop();
    }
  });
  it('throws Denied for a cluster without a usable endpoint, and says what to change', async () => {
    const kept = cluster.described.controlPlaneEndpointsConfig;
    cluster.described.controlPlaneEndpointsConfig = { dnsEndpointConfig: { endpoint: 'x.gke.goog' } };
    const clusters = makeClusters({
      served: [REF],
      token: async () => 't',
      now: () => now,
      containerEndpoint: server.url,
    });
    const got = clusters.reader(REF).get({ apiVersion: 'v1', kind: 'Node', name: 'n1' });
    await assert.rejects(got, (e) => e instanceof Denied && /DNS endpoint/.test(e.message));
    cluster.described.controlPlaneEndpointsConfig = kept;
  });
});

describe('makeClusters, when a cluster gets another CA at the same address', () => {
  it('trusts the CA of the newest description', async function () {
    const [older, newer] = [makeCertificate(), makeCertificate()];
    if (older === undefined || newer === undefined) return this.skip();
    const resources = { resources: [{ name: 'nodes', kind: 'Node', namespaced: false }] };
    const tls = createTlsServer(newer, (request, response) =>
      response.writeHead(request.url === '/api/v1' ? 200 : 404).end(JSON.stringify(resources)),
    );
    let trusted = older;
    const api = await startServer((_request, response) => {
      const clusterCaCertificate = Buffer.from(trusted.cert).toString('base64');
      response.end(JSON.stringify({ endpoint: '127.0.0.1', masterAuth: { clusterCaCertificate } }));
    });
    const clusters = makeClusters({ served: [REF], token: async () => 't', now: () => 0, containerEndpoint: api.url });
    const ask = () => clusters.reader(REF).get({ apiVersion: 'v1', kind: 'Job', name: 'a' });
    // A description names no port: the server listens where a cluster does, if it may.
    const isListening = await new Promise<boolean>((done) => {
      tls.on('error', () => done(false)).listen(443, '127.0.0.1', () => done(true));
    });
    try {
      if (!isListening) return this.skip();
      await assert.rejects(ask(), Transient);
      trusted = newer;
      assert.equal(await ask(), undefined);
    } finally {
      await api.stop();
      tls.closeAllConnections();
      tls.close();
    }
  });
});

describe('makeClusters, when the container API fails', () => {
  let answers: Array<{ status: number; body: string }> = [];
  let server: Server;
  let url = '';
  before(async () => {
    server = createServer((_request, response) => {
      const { status, body } = answers.shift() ?? { status: 200, body: '{}' };
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const open = (token = async () => 't', timeoutMs = 10_000) =>
    makeClusters({ served: [REF], token, now: () => 0, containerEndpoint: url, timeoutMs });

  it('throws Denied on 401 and 403, and Transient on errors that may pass', async () => {
    const clusters = open();
    for (const [status, error] of [
      [401, Denied],
      [403, Denied],
      [429, Transient],
      [500, Transient],
      [503, Transient],
    ] as const) {
      // A 401 is asked about once more.
      answers = Array.from({ length: status === 401 ? 2 : 1 }, () => ({ status, body: 'no' }));
      await assert.rejects(clusters.describe(REF), error, String(status));
      assert.deepEqual(answers, []);
    }
  });
  it('says why the container API refused, which need not be for a missing right', async () => {
    for (const message of [
      'Kubernetes Engine API has not been used in project 1 before or it is disabled.',
      "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x1",
    ]) {
      answers = [{ status: 403, body: JSON.stringify({ error: { code: 403, message, status: 'PERMISSION_DENIED' } }) }];
      await assert.rejects(open().describe(REF), (e) => e instanceof Denied && e.message.includes(message));
    }
  });
  it('does not cache a failure', async () => {
    const clusters = open();
    answers = [{ status: 503, body: '' }];
    await assert.rejects(clusters.describe(REF), Transient);
    assert.equal((await clusters.describe(REF)).autopilot, false);
  });
  it('throws Transient for an answer that is not a cluster', async () => {
    for (const body of ['', '<html>', '[]', '"x"', '{"endpoint":7}']) {
      answers = [{ status: 200, body }];
      await assert.rejects(open().describe(REF), Transient, body);
    }
  });
  it('throws Transient if it gets no token', async () => {
    const clusters = open(async () => {
      throw new Error('no metadata server');
    });
    await assert.rejects(clusters.describe(REF), (e) => e instanceof Transient && /no metadata server/.test(e.message));
    await assert.rejects(open(() => new Promise(() => {}), 20).describe(REF), Transient);
  });
});

describe('the endpoint of a cluster', () => {
  const choose = (body: unknown, within?: boolean) => endpointOf(readCluster(body), 'p1/europe-west1/c1', within);
  const dns = (allowExternalTraffic: boolean) => ({
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { endpoint: 'gke-1.europe-west1.gke.goog', allowExternalTraffic },
    },
  });
  const ip = { endpoint: '203.0.113.7', masterAuth: { clusterCaCertificate: 'Q0E=' } };
  it('is the DNS endpoint, which has a public certificate', () => {
    const chosen = choose({ ...ip, ...dns(true) });
    assert.deepEqual(chosen, { server: 'https://gke-1.europe-west1.gke.goog', how: 'its DNS endpoint' });
  });
  it('is the IP endpoint with its CA if the DNS endpoint allows no external traffic', () => {
    const chosen = choose({ ...ip, ...dns(false) });
    assert.deepEqual(chosen, { server: 'https://203.0.113.7', caData: 'Q0E=', how: 'its IP endpoint 203.0.113.7' });
    const v6 = choose({ ...ip, endpoint: '2001:db8::7' });
    assert.equal(Object(v6).server, 'https://[2001:db8::7]');
  });
  it('is the private IP endpoint for a caller in a network that reaches it', () => {
    const both = { ...ip, controlPlaneEndpointsConfig: { ipEndpointsConfig: { privateEndpoint: '10.0.0.2' } } };
    const older = { ...ip, privateClusterConfig: { privateEndpoint: '10.0.0.2' } };
    for (const body of [both, older]) {
      assert.equal(Object(choose(body)).server, 'https://203.0.113.7');
      assert.deepEqual(choose(body, true), {
        server: 'https://10.0.0.2',
        caData: 'Q0E=',
        how: 'its IP endpoint 10.0.0.2',
      });
    }
    assert.equal(Object(choose(ip, true)).server, 'https://203.0.113.7');
    assert.equal(Object(choose({ ...both, ...dns(true) }, true)).server, 'https://gke-1.europe-west1.gke.goog');
  });
  it('is a sentence if no endpoint can be used', () => {
    const closed = { ...ip, controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } } };
    for (const body of [{}, dns(false), closed, { endpoint: '203.0.113.7' }]) {
      assert.match(String(choose(body)), /has no endpoint that this function can use: allow/);
    }
  });
  it('never is a text that is not a host', () => {
    for (const endpoint of ['evil.example.com/x', 'a@b', 'a:8080', 'a?b', ' ', '-a']) {
      const config = { dnsEndpointConfig: { endpoint, allowExternalTraffic: true } };
      assert.equal(typeof choose({ controlPlaneEndpointsConfig: config }), 'string', endpoint);
      assert.equal(typeof choose({ ...ip, endpoint }), 'string', endpoint);
    }
  });
});

describe('the description of a cluster', () => {
  const describeIt = (body: unknown) => descriptionOf(readCluster(body));
  it('recognises both ways to enforce network policies', () => {
    assert.equal(describeIt({}).networkPolicy, false);
    assert.equal(describeIt({ networkPolicy: { enabled: true } }).networkPolicy, true);
    assert.equal(describeIt({ networkConfig: { datapathProvider: 'ADVANCED_DATAPATH' } }).networkPolicy, true);
    assert.equal(describeIt({ networkConfig: { datapathProvider: 'LEGACY_DATAPATH' } }).networkPolicy, false);
  });
  it('sees whether the CPU use of nodes and containers is written', () => {
    const of = (...enableComponents: string[]) =>
      describeIt({ monitoringConfig: { componentConfig: { enableComponents } } }).systemMetrics;
    assert.equal(of('SYSTEM_COMPONENTS', 'POD'), true);
    assert.equal(of('POD'), false);
    // An empty list may be left out of the answer.
    assert.equal(describeIt({ monitoringConfig: { componentConfig: {} } }).systemMetrics, false);
    assert.equal(describeIt({ monitoringService: 'none' }).systemMetrics, false);
    assert.equal(describeIt({ monitoringService: 'monitoring.googleapis.com/kubernetes' }).systemMetrics, true);
    assert.equal(describeIt({}).systemMetrics, true);
  });
  it('finds a sandbox pool, and counts Autopilot as one', () => {
    assert.equal(describeIt({ nodePools: [{ config: {} }] }).sandboxPool, false);
    assert.equal(describeIt({ nodePools: [{}, { config: { sandboxConfig: { type: 'GVISOR' } } }] }).sandboxPool, true);
    assert.deepEqual(describeIt({ autopilot: { enabled: true } }).sandboxPool, true);
  });
  it('names the groups of those node pools that scale by themselves', () => {
    const urls = (name: string) => [
      `https://www.googleapis.com/compute/v1/projects/p1/zones/europe-west1-b/instanceGroupManagers/${name}`,
    ];
    const nodePools = [
      { autoscaling: { enabled: true }, instanceGroupUrls: urls('g1') },
      { autoscaling: { enabled: false }, instanceGroupUrls: urls('g2') },
      { autoscaling: {}, instanceGroupUrls: urls('g3') },
      { instanceGroupUrls: urls('g4') },
      { autoscaling: { enabled: true } },
    ];
    assert.deepEqual(describeIt({ nodePools }).autoscaledGroups, [
      'projects/p1/zones/europe-west1-b/instanceGroupManagers/g1',
    ]);
  });
  it('names the network by its full path if the cluster gives one', () => {
    assert.equal(describeIt({ network: 'default' }).network, 'default');
    const network = 'projects/host1/global/networks/shared';
    assert.equal(describeIt({ network: 'shared', networkConfig: { network } }).network, network);
    assert.equal('network' in describeIt({}), false);
  });
});
