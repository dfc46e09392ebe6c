import { minerInSpec } from '../../../../shared/detection/rules/miner-in-spec.ts';
import { deployment, ownedByReplicaSet, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const ARGS = ['-o', 'stratum+tcp://pool.example.com:3333', '-u', 'w'];
const WALLET = `4A${'b'.repeat(93)}`;
const POOL = { name: 'POOL_HOST', value: 'pool.supportxmr.com' };
const BASE = {
  verb: 'create',
  group: 'apps',
  resource: 'deployments',
  namespace: 'shop',
  name: 'cart',
  request: deployment(podSpec({ command: ['/app/worker'], args: ARGS })),
};
const NAMED = { confidence: 0.55, conclusive: false };
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule miner-in-spec', () => {
  ruleCases(minerInSpec, BASE, {
    fires: [
      [
        'on the workload',
        {},
        { target: { ...CLUSTER, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } } },
      ],
      ['by its program', { request: deployment(podSpec({ command: ['sh', '-c', 'cd /tmp && ./xmrig'] })) }],
      [
        'by a variable',
        { request: deployment(podSpec({ env: [{ name: 'URL', value: 'gulf.moneroocean.stream:10128' }] })) },
      ],
      [
        'behind something that looks',
        { request: deployment(podSpec({ command: ['sh', '-c', 'ls|./a -o stratum+tcp://pool.example.com:3333'] })) },
      ],
      ['called like a program that looks', { request: deployment(podSpec({ command: ['/tmp/ps'], args: ARGS })) }],
      ['by its options', { request: deployment(podSpec({ command: ['/opt/host', '--donate-level=1'] })) }],
      ...[
        ['tini', '--', '/usr/bin/xmrig'],
        ['dumb-init', 'xmrig'],
        ['sh', '-c', 'while true; do xmrig; sleep 1; done'],
      ].map((command): [string, Record<string, unknown>] => [
        `by ${command[0]}`,
        { request: deployment(podSpec({ command })) },
      ]),
      [
        'by a pool and its port',
        { request: deployment(podSpec({ args: ['--url', 'pool.supportxmr.com', '--port', '3333'] })) },
      ],
      [
        'by a variable that is called like an option',
        { request: deployment(podSpec({ env: [{ name: 'DONATE_LEVEL', value: '1' }] })) },
      ],
      ['by two variables', { request: deployment(podSpec({ env: [POOL, { name: 'POOL_PORT', value: '3333' }] })) }],
      ['by a wallet as its user', { request: deployment(podSpec({ args: ['-o', '203.0.113.9:443', '-u', WALLET] })) }],
      [
        'by a wallet in the variable of a miner',
        { request: deployment(podSpec({ env: [{ name: 'POOL_USER', value: WALLET }] })) },
      ],
      [
        'by a pool in a variable of the image of a miner, without its port',
        { request: deployment(podSpec({ image: 'someone/xmrig:1', env: [POOL] })) },
      ],
      [
        'by a wallet in a variable that a command names',
        { request: deployment(podSpec({ args: ['-u', '$(W)'], env: [{ name: 'W', value: WALLET }] })) },
      ],
      [
        'by its settings in a variable',
        { request: deployment(podSpec({ env: [{ name: 'CONFIG', value: '{"donate-level": 1, "pools": []}' }] })) },
      ],
      [
        'by a wallet alone, which shops have too',
        {
          request: deployment(
            podSpec({
              env: [
                { name: 'DONATIONS', value: WALLET },
                { name: 'POOL_SIZE', value: '5' },
              ],
            }),
          ),
        },
        NAMED,
      ],
      [
        'by its image',
        { request: deployment(podSpec({ image: 'docker.io/someone/xmrig:6.21' })) },
        { confidence: 0.8, conclusive: false },
      ],
      [
        'by an image of a campaign',
        { request: deployment(podSpec({ image: 'ddsfdfsaadfs/dfsdf:99' })) },
        { confidence: 0.8, conclusive: false },
      ],
      [
        'by an image of an algorithm that only miners compute',
        { request: deployment(podSpec({ image: 'someone/universal_cryptonight' })) },
        { confidence: 0.8, conclusive: false },
      ],
      [
        'of another campaign, named like a part of the cluster',
        { request: deployment(podSpec({ image: 'docker.io/pauseyyf/pause:latest' })) },
        { confidence: 0.8, conclusive: false },
      ],
      ['by its name', { name: 'xmrig-worker', request: deployment(podSpec(), { name: 'xmrig-worker' }) }, NAMED],
      [
        'made by a controller: what it runs speaks for itself',
        {
          group: 'core',
          resource: 'pods',
          name: undefined,
          principal: 'system:serviceaccount:kube-system:replicaset-controller',
          request: pod(podSpec({ args: ARGS }), ownedByReplicaSet()),
        },
      ],
      [
        'by the protocol alone',
        { request: deployment(podSpec({ env: [{ name: 'SCHEME', value: 'stratum+tcp' }] })) },
        NAMED,
      ],
      ['refused', { code: 7 }, { severity: 'high', confidence: 0.85, conclusive: false }],
    ],
    misses: [
      ['another protocol', { request: deployment(podSpec({ args: ['-o', 'mqtt+tcp://queue.example.com:3333'] })) }],
      ['who looks for miners', { request: deployment(podSpec({ command: ['sh', '-c', 'ps aux | grep xmrig'] })) }],
      [
        'an image that begins like one',
        { request: deployment(podSpec({ image: 'europe-docker.pkg.dev/p1/r/ethminers-club' })) },
      ],
      ['a registry that is called so', { request: deployment(podSpec({ image: 'xmrig.example.com/shop/cart' })) }],
      [
        'the page of a pool',
        { request: deployment(podSpec({ env: [{ name: 'LINK', value: 'https://minexmr.com/' }] })) },
      ],
      ['a pool that nothing connects to', { request: deployment(podSpec({ env: [POOL] })) }],
      ['an algorithm of another kind', { request: deployment(podSpec({ env: [{ name: 'ALGO', value: 'rsa' }] })) }],
      [
        'a database and its port',
        {
          request: deployment(
            podSpec({
              env: [
                { name: 'DB_HOST', value: 'db.example.com' },
                { name: 'DB_PORT', value: '5432' },
              ],
            }),
          ),
        },
      ],
      ['read', { verb: 'get' }],
    ],
  });
});
