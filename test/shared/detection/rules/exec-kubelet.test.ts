import { execKubelet } from '../../../../shared/detection/rules/exec-kubelet.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart('curl -sk https://10.128.0.5:10250/run/shop/cart-0/app -d cmd=id');
const MEDIUM = { severity: 'medium', confidence: 0.6 } as const;

describe('rule exec-kubelet', () => {
  ruleCases(execKubelet, BASE, {
    fires: [
      ['by a variable', { command: 'sh -c curl -sk https://$NODE_IP:10250/exec/shop/cart-0/app' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
      ['the list of pods', { command: 'wget --no-check-certificate -qO- https://10.128.0.5:10250/pods' }, MEDIUM],
      ['the port without authentication', { command: 'curl -s http://10.128.0.5:10255/runningpods/' }, MEDIUM],
      ['a probe of the port', { command: 'curl -sk https://10.128.0.5:10250' }, MEDIUM],
    ],
    misses: [
      ['metrics', { command: 'curl -sk https://10.128.0.5:10250/metrics/cadvisor' }],
      ['another port', { command: 'curl -s http://10.128.0.5:102501/pods' }],
      ['a Service', { command: 'curl -s http://cart.shop.svc:8080/run' }],
      ['searched for', { command: 'grep -r 10.128.0.5:10250 /etc' }],
      ['no command in the log', { command: undefined }],
    ],
  });
});
