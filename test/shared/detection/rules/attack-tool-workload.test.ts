import { attackToolWorkload } from '../../../../shared/detection/rules/attack-tool-workload.ts';
import { pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'scan',
  request: pod(podSpec({ image: 'docker.io/aquasec/kube-hunter:0.6.8' }), { name: 'scan' }),
};

describe('rule attack-tool-workload', () => {
  ruleCases(attackToolWorkload, BASE, {
    fires: [
      ['by its name', { name: 'my-peirates-1', request: pod(podSpec()) }],
      [
        'by the name that a server completes',
        { name: undefined, request: pod(podSpec(), { name: undefined, generateName: 'nsenter-' }) },
      ],
      ['by its digest', { request: pod(podSpec({ image: 'someone/deepce@sha256:aa' })) }],
      [
        'by a word that has other meanings',
        { request: pod(podSpec({ image: 'someone/cdk:1' })) },
        { confidence: 0.45 },
      ],
      ['by its system', { request: pod(podSpec({ image: 'someone/kali-rolling' })) }, { confidence: 0.45 }],
      ['by its kit', { request: pod(podSpec({ image: 'someone/metasploit-framework:6' })) }],
      [
        'by a tool among such words',
        { request: pod(podSpec({ image: 'someone/nsenter:1' }), { name: 'escape' }), name: 'escape' },
      ],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.5 }],
    ],
    misses: [
      ['another image', { request: pod(podSpec()) }],
      ['a word within another', { request: pod(podSpec({ image: 'someone/alkali-8' })) }],
      ['a longer word', { request: pod(podSpec({ image: 'someone/landscaper:1' })) }],
      ['a registry that is called so', { request: pod(podSpec({ image: 'peirates.example.com/shop/cart:1' })) }],
    ],
  });
});
