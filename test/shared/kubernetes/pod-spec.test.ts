import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { hostReachOf, POD_SPEC_PATHS, podMarksOf, podSpecOf } from '../../../shared/kubernetes/pod-spec.ts';

/** An object of the given kind that contains a pod spec. */
const around = (kind: string, spec: unknown): unknown =>
  (POD_SPEC_PATHS[kind] ?? []).toReversed().reduce((inner: unknown, key) => ({ [key]: inner }), spec);

const reach = (spec: unknown): string[] => {
  const read = podSpecOf('Pod', { spec });
  assert.ok(read);
  return hostReachOf(read);
};

describe('the pod spec of an object', () => {
  for (const kind of Object.keys(POD_SPEC_PATHS)) {
    it(`is found in a ${kind}`, () => {
      const spec = podSpecOf(kind, around(kind, { hostPID: true, containers: [{ name: 'a', image: 'i' }] }));
      assert.equal(spec?.hostPID, true);
      assert.equal(spec?.containers[0]?.image, 'i');
    });
  }

  it('is not found in another kind or under an inherited name', () => {
    assert.equal(podSpecOf('Service', { spec: { hostPID: true } }), undefined);
    assert.equal(podSpecOf('constructor', { spec: {} }), undefined);
    assert.equal(podSpecOf('Pod', { metadata: {} }), undefined);
  });

  it('contains the containers of all three lists', () => {
    const spec = podSpecOf('Pod', {
      spec: {
        containers: [{ name: 'main' }],
        initContainers: [{ name: 'init' }],
        ephemeralContainers: [{ name: 'debug' }],
      },
    });
    assert.ok(spec);
    assert.deepEqual(
      spec.containers.map((c) => `${c.role} ${c.name}`),
      ['init init', 'container main', 'ephemeral debug'],
    );
  });

  it('has every field that is set, and those of a container', () => {
    const spec = podSpecOf('Pod', {
      spec: {
        shareProcessNamespace: true,
        serviceAccountName: 'cart',
        serviceAccount: 'older',
        volumes: [
          { name: 'logs', hostPath: { path: '/var/log' } },
          { hostPath: { path: '/etc' } },
          { name: 'v' },
          { gitRepo: { repository: 'https://git.example.com/x.git' } },
          { gitRepo: { repository: 'r', directory: 'd' } },
          { gitRepo: { directory: 'd' } },
        ],
        containers: [
          {
            name: 'main',
            image: 'i',
            command: ['sh', '-c'],
            args: ['run'],
            env: [{ name: 'A', value: '1' }, { name: 'B' }, { value: '2' }],
            securityContext: { capabilities: { add: ['cap_net_raw', 'SYS_PTRACE'] } },
          },
        ],
      },
    });
    assert.deepEqual(spec, {
      containers: [
        {
          name: 'main',
          role: 'container',
          image: 'i',
          command: ['sh', '-c'],
          args: ['run'],
          runs: ['sh -c run'],
          env: [{ name: 'A', value: '1' }, { name: 'B' }, { name: '', value: '2' }],
          privileged: false,
          capabilities: ['NET_RAW', 'SYS_PTRACE'],
          loosened: [],
        },
      ],
      hostPID: false,
      hostIPC: false,
      hostNetwork: false,
      shareProcessNamespace: true,
      hostPaths: ['/var/log', '/etc'],
      gitRepos: [{ repository: 'https://git.example.com/x.git' }, { repository: 'r', directory: 'd' }],
      serviceAccount: 'cart',
      windows: false,
    });
    assert.equal(podSpecOf('Pod', { spec: { serviceAccount: 'older' } })?.serviceAccount, 'older');
    const bare = podSpecOf('Pod', { spec: { containers: [{}] } });
    assert.deepEqual([bare?.shareProcessNamespace, bare && 'serviceAccount' in bare], [false, false]);
    assert.deepEqual([bare?.containers[0]?.name, bare?.containers[0]?.runs], ['', []]);
  });

  it('has the commands of each hook and probe of a container, besides its own', () => {
    const exec = (word: string) => ({ exec: { command: ['run', word] } });
    const spec = podSpecOf('Pod', {
      spec: {
        containers: [
          {
            command: ['main'],
            lifecycle: { postStart: exec('post'), preStop: exec('pre') },
            startupProbe: exec('startup'),
            livenessProbe: exec('liveness'),
            readinessProbe: exec('readiness'),
          },
          { args: ['only'], livenessProbe: { httpGet: { path: '/' } }, readinessProbe: { exec: { command: [] } } },
        ],
      },
    });
    assert.deepEqual(
      spec?.containers.map(({ runs }) => runs),
      [['main', 'run post', 'run pre', 'run startup', 'run liveness', 'run readiness'], ['only']],
    );
  });

  it('is one for Windows by its system or by its node selector', () => {
    const windows = (spec: unknown) => podSpecOf('Pod', { spec })?.windows;
    assert.equal(windows({ os: { name: 'windows' } }), true);
    assert.equal(windows({ nodeSelector: { 'kubernetes.io/os': 'windows' } }), true);
    assert.equal(windows({ os: { name: 'linux' }, nodeSelector: { 'kubernetes.io/os': 'linux' } }), false);
    assert.equal(windows({ nodeSelector: { pool: 'windows' } }), false);
  });

  it('is read from any JSON without an error', () => {
    fc.assert(fc.property(fc.json(), (json) => void podSpecOf('Pod', { spec: JSON.parse(json) })));
  });
});

describe('the reasons why a pod reaches its node', () => {
  it('are none for an ordinary pod', () => {
    const spec = {
      hostPID: false,
      containers: [{ name: 'a', securityContext: { privileged: false, capabilities: { add: ['NET_BIND_SERVICE'] } } }],
      volumes: [{ name: 'v', emptyDir: {} }],
    };
    assert.deepEqual(reach(spec), []);
  });

  const cases: Array<[string, unknown, RegExp]> = [
    ['privileged', { initContainers: [{ name: 'a', securityContext: { privileged: true } }] }, /a is privileged/],
    ['capability', { containers: [{ securityContext: { capabilities: { add: ['CAP_SYS_ADMIN'] } } }] }, /SYS_ADMIN/],
    ['all capabilities', { containers: [{ securityContext: { capabilities: { add: ['all'] } } }] }, /ALL/],
    ['kernel modules', { containers: [{ securityContext: { capabilities: { add: ['SYS_MODULE'] } } }] }, /SYS_MODULE/],
    [
      'a container that is a process of its Windows node',
      { containers: [{ name: 'w', securityContext: { windowsOptions: { hostProcess: true } } }] },
      /container w is privileged/,
    ],
    [
      'a pod whose containers are processes of their Windows node',
      { containers: [{ name: 'w' }], securityContext: { windowsOptions: { hostProcess: true } } },
      /container w is privileged/,
    ],
    ['hostPID', { hostPID: true }, /hostPID/],
    ['hostIPC', { hostIPC: true }, /hostIPC/],
    ['hostNetwork', { hostNetwork: true }, /hostNetwork/],
    ['hostPath', { volumes: [{ name: 'v', hostPath: { path: '/etc' } }] }, /\/etc/],
  ];
  for (const [what, spec, reason] of cases) {
    it(`include ${what}`, () => assert.match(reach(spec).join(), reason));
  }
});

describe('the marks of a pod', () => {
  const marks = (kind: string, object: unknown) => Object.fromEntries(podMarksOf(kind, object, 'example.com/'));

  it('are the labels and annotations of the object and of its template, and the template counts', () => {
    const object = {
      metadata: { labels: { 'example.com/a': '1', app: 'cart' }, annotations: { 'example.com/b': '1' } },
      spec: {
        template: { metadata: { labels: { 'example.com/c': '2' }, annotations: { 'example.com/b': '2', other: 'x' } } },
      },
    };
    const expected = { 'example.com/a': '1', 'example.com/b': '2', 'example.com/c': '2' };
    assert.deepEqual(marks('Deployment', object), expected);
    assert.deepEqual(marks('Pod', { metadata: { labels: { 'example.com/a': '1' } }, spec: {} }), {
      'example.com/a': '1',
    });
  });

  it('are none where there is no such key, and none of an inherited name', () => {
    assert.deepEqual(marks('Pod', { spec: {} }), {});
    assert.deepEqual(marks('constructor', { metadata: { labels: { app: 'cart' } } }), {});
  });
});
