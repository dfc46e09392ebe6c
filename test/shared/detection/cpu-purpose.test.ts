import { strict as assert } from 'node:assert';
import { controllerOf, honestUseOf } from '../../../shared/detection/cpu-purpose.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import { podOf } from '../../kit/pods.ts';

const of = (pod: KubeObject): string[] => honestUseOf({ namespace: pod.metadata.namespace ?? '', pod });

describe('honest CPU use', () => {
  const honest: Array<[string, KubeObject, RegExp]> = [
    [
      'a Job',
      podOf({ owner: { kind: 'Job', name: 'nightly' } }),
      /Job "nightly", which is meant to use all CPU that it gets/,
    ],
    ['a batch job by its label', podOf({ labels: { 'kueue.x-k8s.io/queue-name': 'q' } }), /part of a batch job/],
    ['a workflow', podOf({ labels: { 'workflows.argoproj.io/workflow': 'w' } }), /part of a workflow/],
    ['training by its label', podOf({ labels: { 'training.kubeflow.org/job-name': 't' } }), /part of training/],
    ['training by its image', podOf({ container: { image: 'gcr.io/x/pytorch:2.4' } }), /trains or serves models/],
    [
      'training by its accelerator',
      podOf({ container: { resources: { limits: { 'nvidia.com/gpu': 1 } } } }),
      /an accelerator/,
    ],
    ['a build by its namespace', podOf({ namespace: 'gitlab-runner' }), /is meant for builds/],
    [
      'a build by its image',
      podOf({ container: { image: 'gcr.io/kaniko-project/executor/kaniko:v1' } }),
      /builds, which uses/,
    ],
    ['a load test', podOf({ container: { image: 'grafana/k6:0.5' } }), /"k6" generates load/],
    ['transcoding', podOf({ container: { image: 'registry.example.com/ffmpeg-worker:4' } }), /transcodes/],
    ['a scanner', podOf({ container: { image: 'aquasec/trivy' } }), /scans/],
    ['a node of a blockchain', podOf({ container: { image: 'ethereum/geth@sha256:00' } }), /blockchain/],
  ];
  for (const [what, pod, sentence] of honest) {
    it(`is recognised for ${what}`, () => {
      assert.equal(of(pod).length, 1);
      assert.match(of(pod).join(), sentence);
    });
  }

  const near: Array<[string, KubeObject]> = [
    ['a service', podOf({ owner: { kind: 'ReplicaSet', name: 'cart-7d9f' }, labels: { app: 'cart' } })],
    ['a name that only begins like a build', podOf({ namespace: 'cities' })],
    ['an image whose name only holds a word', podOf({ container: { image: 'shop.example.com/they:1' } })],
    ['a registry that is called like a program', podOf({ container: { image: 'pytorch.example.com/cart:1' } })],
    ['a label with no meaning', podOf({ labels: { 'example.com/job-name': 'x' } })],
  ];
  for (const [what, pod] of near) it(`is not recognised for ${what}`, () => assert.deepEqual(of(pod), []));

  it('is recognised by the controller that an incident names if the pod cannot be read', () => {
    assert.match(honestUseOf({ namespace: 'shop', controller: { kind: 'CronJob', name: 'c' } }).join(), /CronJob "c"/);
    assert.deepEqual(honestUseOf({ namespace: 'shop', controller: { kind: 'Deployment', name: 'c' } }), []);
  });

  it("is described with strangers' text quoted", () => {
    const [sentence = ''] = of(podOf({ container: { image: 'x/k6-"\u202e\n' } }));
    assert.doesNotMatch(sentence, /[\u202e\n]/);
  });
});

describe('the controller of a pod, as Cloud Monitoring names it', () => {
  it("is the Deployment of its ReplicaSet if the pod's hash label is in the ReplicaSet's name", () => {
    const owner = { kind: 'ReplicaSet', name: 'cart-7d9f' };
    assert.deepEqual(controllerOf(podOf({ owner, labels: { 'pod-template-hash': '7d9f' } })), {
      kind: 'Deployment',
      name: 'cart',
    });
    assert.deepEqual(controllerOf(podOf({ owner, labels: { 'pod-template-hash': 'other' } })), owner);
    assert.deepEqual(controllerOf(podOf({ owner: { kind: 'StatefulSet', name: 'db' } })), {
      kind: 'StatefulSet',
      name: 'db',
    });
    assert.equal(controllerOf(podOf({ owner: { kind: 'Node', name: 'n1' } })), undefined);
    assert.equal(controllerOf(podOf()), undefined);
  });
});
