import { strict as assert } from 'node:assert';
import { isRefusedByPolicy } from '../../../shared/containment/admission.ts';
import { Conflict, Denied, Malformed } from '../../../shared/errors.ts';

const WEBHOOK =
  'Kubernetes refused to patch Pod shop/a (400): admission webhook "a.example.com" denied the request: no';
const POLICY = `Kubernetes refused to patch Pod shop/a (422): pods "a" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`;
const MISSING =
  'Kubernetes refused to patch Pod shop/a (403): pods "a" is forbidden: User "u" cannot patch resource "pods"';

describe('containment/admission', () => {
  it('tells the refusal of a policy, whatever its status, from a right that is missing', () => {
    for (const message of [WEBHOOK, POLICY]) {
      assert.equal(isRefusedByPolicy(new Denied(message)), true);
      assert.equal(isRefusedByPolicy(new Malformed(message)), true);
      assert.equal(isRefusedByPolicy(new Conflict(message)), false);
    }
    assert.equal(isRefusedByPolicy(new Denied(MISSING)), false);
    assert.equal(isRefusedByPolicy(POLICY), false);
  });
});
