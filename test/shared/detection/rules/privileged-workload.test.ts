import { strict as assert } from 'node:assert';
import { privilegedWorkload } from '../../../../shared/detection/rules/privileged-workload.ts';
import { firedBy } from '../../../fixtures/signals.ts';
import { deployment, OWNER_UID, ownedByReplicaSet, pod, podSpec, UID } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const PRIVILEGED = podSpec({ securityContext: { privileged: true } });
const BASE = { verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart-7d9f', request: pod(PRIVILEGED) };
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const PATCH = { verb: 'patch', group: 'apps', resource: 'deployments', name: 'cart' };
const patchOf = (spec: unknown): Record<string, unknown> => ({ '@type': 'k8s.io/Patch', spec: { template: { spec } } });
const CONTROLLER = {
  principal: 'system:serviceaccount:kube-system:replicaset-controller',
  name: undefined,
  request: pod(PRIVILEGED, { generateName: 'cart-5c9d8-', ...ownedByReplicaSet() }),
};

describe('rule privileged-workload', () => {
  ruleCases(privilegedWorkload, BASE, {
    fires: [
      [
        'on the pod, by its UID',
        { response: pod(PRIVILEGED, { uid: UID }) },
        { target: { ...CLUSTER, namespace: 'shop', pod: 'cart-7d9f', uid: UID } },
      ],
      [
        'named by the server',
        { name: undefined, request: pod(PRIVILEGED, { name: undefined }), response: pod(PRIVILEGED, { name: 'x-1' }) },
        { target: { ...CLUSTER, namespace: 'shop', pod: 'x-1' } },
      ],
      [
        'an init container',
        { request: pod(podSpec({}, { initContainers: [{ name: 'i', securityContext: { privileged: true } }] })) },
      ],
      [
        'a process of a node of Windows',
        { request: pod(podSpec({ securityContext: { windowsOptions: { hostProcess: true } } })) },
      ],
      [
        'the same, said of the whole pod',
        { request: pod(podSpec({}, { securityContext: { windowsOptions: { hostProcess: true } } })) },
      ],
      ['only the answer has it', { request: pod(podSpec()), response: pod(PRIVILEGED) }],
      [
        'a Deployment',
        { group: 'apps', resource: 'deployments', name: 'cart', request: deployment(PRIVILEGED) },
        { target: { ...CLUSTER, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } } },
      ],
      ['a patch that says so', { ...PATCH, request: patchOf(PRIVILEGED) }],
      ['a patch of what runs in it', { ...PATCH, request: patchOf(podSpec()), response: deployment(PRIVILEGED) }],
      [
        'a list of operations on the spec',
        {
          ...PATCH,
          request: {
            patch: [
              { op: 'add', path: '/spec/template/spec/containers/0/securityContext', value: { privileged: true } },
            ],
          },
          response: deployment(PRIVILEGED),
        },
      ],
      [
        'operations that were refused, so that only they show what was asked for',
        {
          ...PATCH,
          request: {
            patch: [
              { op: 'test', path: '/metadata/name', value: 'cart' },
              { op: 'add', path: '/spec/template/spec/containers/0/securityContext/privileged', value: true },
            ],
          },
          response: { kind: 'Status', status: 'Failure', code: 403 },
          code: 7,
        },
        { severity: 'medium', confidence: 0.6 },
      ],
      [
        'a container added to a running pod by an operation, whose answer is in a lost part of the entry',
        {
          verb: 'patch',
          subresource: 'ephemeralcontainers',
          request: {
            patch: [
              {
                op: 'add',
                path: '/spec/ephemeralContainers/-',
                value: { name: 'd', securityContext: { privileged: true } },
              },
            ],
          },
        },
      ],
      [
        'a container added to a running pod',
        {
          verb: 'patch',
          subresource: 'ephemeralcontainers',
          request: { spec: { ephemeralContainers: [{ name: 'd', securityContext: { privileged: true } }] } },
        },
      ],
      [
        'made by a controller, for its owner',
        CONTROLLER,
        {
          severity: 'medium',
          confidence: 0.5,
          target: {
            ...CLUSTER,
            namespace: 'shop',
            workload: { kind: 'ReplicaSet', name: 'cart-5c9d8' },
            uid: OWNER_UID,
          },
        },
      ],
      ['a mirror pod among the pods of users', { principal: 'system:node:gke-c1-pool-1-9d8e7f6a-c1' }],
      ['a system identity out of its job', { principal: 'system:serviceaccount:kube-system:deployment-controller' }],
      [
        'refused: nothing was made, so it is about the caller',
        { code: 7, message: 'pods is forbidden' },
        { severity: 'medium', confidence: 0.6, target: { ...CLUSTER, principal: 'ana@example.com' } },
      ],
    ],
    misses: [
      [
        'a container added by kubectl debug to a pod that was privileged',
        {
          verb: 'patch',
          subresource: 'ephemeralcontainers',
          request: { spec: { ephemeralContainers: [{ name: 'd', image: 'busybox' }] } },
          response: pod(PRIVILEGED),
        },
      ],
      [
        'a pod of Windows with a user',
        { request: pod(podSpec({}, { securityContext: { windowsOptions: { runAsUserName: 'app' } } })) },
      ],
      ['not privileged', { request: pod(podSpec({ securityContext: { privileged: false } })) }],
      ['privileged only by a word', { request: pod(podSpec({ securityContext: { privileged: 'true' } })) }],
      ['read, not written', { verb: 'get', request: undefined, response: pod(PRIVILEGED) }],
      ['deleted', { verb: 'delete' }],
      ['a status', { verb: 'update', subresource: 'status' }],
      ['lost to a conflict', { code: 10 }],
      ['another resource', { resource: 'podtemplates' }],
      [
        'a patch of labels',
        {
          ...PATCH,
          request: { '@type': 'k8s.io/Patch', metadata: { labels: { a: 'b' } } },
          response: deployment(PRIVILEGED),
        },
      ],
      ['a scale', { ...PATCH, request: { spec: { replicas: 3 } }, response: deployment(PRIVILEGED) }],
      [
        'refused operations that take it away or look for it',
        {
          ...PATCH,
          request: {
            patch: [
              { op: 'remove', path: '/spec/template/spec/containers/0/securityContext/privileged' },
              { op: 'test', path: '/spec/template/spec/containers/0/securityContext/privileged', value: true },
            ],
          },
          code: 7,
        },
      ],
      [
        'operations that only look at it',
        {
          ...PATCH,
          request: {
            patch: [
              { op: 'test', path: '/spec/template/spec/hostPID', value: true },
              { op: 'replace', path: '/spec/replicas', value: 3 },
            ],
          },
          response: deployment(PRIVILEGED),
        },
      ],
      [
        'operations elsewhere',
        {
          ...PATCH,
          request: { patch: [{ op: 'replace', path: '/spec/replicas', value: 3 }] },
          response: deployment(PRIVILEGED),
        },
      ],
      ['made by a controller in a system namespace', { ...CONTROLLER, namespace: 'kube-system' }],
      [
        "made by a controller from the platform's images",
        {
          ...CONTROLLER,
          request: pod(
            podSpec({ image: 'gke.gcr.io/fluent-bit:v1', securityContext: { privileged: true } }),
            ownedByReplicaSet(),
          ),
        },
      ],
      [
        'a mirror pod of the platform',
        { principal: 'system:node:gke-c1-pool-1-9d8e7f6a-c1', namespace: 'kube-system' },
      ],
      [
        'a ReplicaSet made for a Deployment, which was seen itself',
        {
          principal: 'system:serviceaccount:kube-system:deployment-controller',
          group: 'apps',
          resource: 'replicasets',
          request: deployment(PRIVILEGED),
        },
      ],
    ],
  });

  it('names every privileged container, without harmful characters', () => {
    const securityContext = { privileged: true };
    const spec = podSpec({ name: 'a"\u0007b', securityContext }, { initContainers: [{ name: 'i', securityContext }] });
    const { because } = firedBy(privilegedWorkload, { ...BASE, request: pod(spec) });
    assert.deepEqual(because.slice(1, 3), [`container "i" is privileged`, `container "a' b" is privileged`]);
  });
});
