import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { containersOf, hostReachOf, POD_SPEC_PATHS, podSpecOf } from '../../../shared/kubernetes/pod-spec.ts';

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
      containersOf(spec).map((c) => `${c.role} ${c.name}`),
      ['init init', 'container main', 'ephemeral debug'],
    );
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
    ['hostPID', { hostPID: true }, /hostPID/],
    ['hostIPC', { hostIPC: true }, /hostIPC/],
    ['hostNetwork', { hostNetwork: true }, /hostNetwork/],
    ['hostPath', { volumes: [{ name: 'v', hostPath: { path: '/etc' } }] }, /\/etc/],
  ];
  for (const [what, spec, reason] of cases) {
    it(`include ${what}`, () => assert.match(reach(spec).join(), reason));
  }
});
