import { strict as assert } from 'node:assert';
import type { FalcoParts } from '../../../local/scenarios/falco-alert.ts';
import type { SccParts } from '../../../local/scenarios/scc-finding.ts';
import { refusalOf } from '../../../shared/decision/claims.ts';
import { THREAT_RULES } from '../../../shared/detection/registry-threat.ts';
import type { ThreatRule } from '../../../shared/detection/rule.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { ThreatSignal } from '../../../shared/model/threat-signal.ts';
import { C1, falcoThreatOf, findingsBy, sccThreatOf } from '../../fixtures/threats.ts';

type Claimed = Pick<Finding, 'severity' | 'confidence'> & { conclusive?: boolean };
type Cases<Parts> = { fires: Array<[string, Parts, Claimed]>; misses: Array<[string, Parts]> };

const POD = { namespace: 'shop', pod: 'cart-0' };

const casesOf = <Parts>(rule: ThreatRule, read: (parts: Parts) => ThreatSignal, { fires, misses }: Cases<Parts>) => {
  for (const [what, parts, claimed] of fires) {
    it(`fires: ${what}`, () => {
      const found = findingsBy(THREAT_RULES, read(parts)).filter((one) => one.rule === rule.id);
      assert.equal(found.length, 1, `${rule.id} does not fire`);
      const [one = assert.fail()] = found;
      const { severity, confidence, conclusive = false, target, family } = one;
      assert.equal(refusalOf(one, new Map([[rule.id, rule]]), { sources: {} }), undefined);
      assert.deepEqual({ severity, confidence, conclusive }, { conclusive: false, ...claimed });
      assert.deepEqual([target, family], [{ ...C1, ...POD }, 'threat-feed']);
    });
  }
  for (const [what, parts] of misses) {
    it(`does not fire: ${what}`, () => {
      assert.deepEqual(
        findingsBy(THREAT_RULES, read(parts)).filter((one) => one.rule === rule.id),
        [],
      );
    });
  }
  for (const name of rule.names) {
    it(`is the only rule that fires on ${name}`, () => {
      const told = findingsBy(THREAT_RULES, named(rule, name)).map((one) => one.rule);
      assert.deepEqual(told, [rule.id]);
    });
  }
};

const named = (rule: ThreatRule, name: string): ThreatSignal =>
  rule.feed === 'falco' ? falcoThreatOf({ rule: name }) : sccThreatOf({ category: name, pods: [onPod] });

const onPod = { ns: POD.namespace, name: POD.pod };

/** True cases and near misses of a rule, as findings of Security Command Center about one pod. */
export const sccCases = (rule: ThreatRule, cases: Cases<SccParts>): void =>
  casesOf(rule, (parts: SccParts) => sccThreatOf({ pods: [onPod], ...parts }), cases);

/** True cases and near misses of a rule, as alerts of Falco about one pod. */
export const falcoCases = (rule: ThreatRule, cases: Cases<FalcoParts>): void => casesOf(rule, falcoThreatOf, cases);
