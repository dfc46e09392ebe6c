import { strict as assert } from 'node:assert';
import { mayMatchCalico } from '../../../shared/kubernetes/calico-selector.ts';

describe('kubernetes/calico-selector', () => {
  const labels = { quarantine: 'true' };
  for (const [selector, expected] of [
    ['', true],
    ['all()', true],
    ["quarantine == 'true'", true],
    ['quarantine == "false"', false],
    ['has(quarantine)', true],
    ['has(app)', false],
    ['!has(app)', true],
    ['has(constructor)', false],
    ['!has(toString)', true],
    ['!has(quarantine)', false],
    ["quarantine == 'true' && app == 'cart'", false],
    ["app == 'cart' || quarantine == 'true'", true],
    ["app in { 'cart' }", true],
    ["projectcalico.org/orchestrator == 'k8s'", true],
    ["pcns.projectcalico.org/team == 'a'", true],
    ["app == 'cart' && has(team) || quarantine == 'true'", true],
    ["!(has(team) && app == 'cart' && has(quarantine))", true],
    ["(has(team) && app == 'cart' && has(team)) || all()", true],
    [`app != " && app == 'cart' && "`, true],
    [`app != ' && app == "cart" && '`, true],
    ["has( app ) && quarantine == 'true'", false],
    ['(((', true],
  ] as const)
    it(`${expected ? 'may match' : 'does not match'}: ${selector}`, () => {
      assert.equal(mayMatchCalico(selector, labels), expected);
    });
});
