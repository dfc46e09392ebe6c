import { attackToolUserAgent } from '../../../../shared/detection/rules/attack-tool-user-agent.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'list', resource: 'pods', namespace: 'shop', userAgent: 'kube-hunter/0.6.8' };

describe('rule attack-tool-user-agent', () => {
  ruleCases(attackToolUserAgent, BASE, {
    fires: [
      ['in other letters', { userAgent: 'Peirates/1.1' }],
      ['on a system for attackers', { userAgent: 'kubectl/v1.33.2 (linux/amd64) Kali' }],
      ['by an account of the system', { principal: 'system:serviceaccount:kube-system:namespace-controller' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
    ],
    misses: [
      ['kubectl', { userAgent: 'kubectl/v1.33.2' }],
      ['from somewhere in the internet', { code: 16, principal: null }],
      ['no client said', { userAgent: '' }],
    ],
  });
});
