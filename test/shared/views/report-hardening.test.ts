import { strict as assert } from 'node:assert';
import type { Family } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { hardeningOf } from '../../../shared/views/report-hardening.ts';
import { contained } from './fixtures.ts';

const found = (family: Family): Incident['summary']['maxima'][number] => ({
  rule: `rule-of-${family}`,
  severity: 'high',
  confidence: 0.9,
  family,
  conclusive: true,
  finding: 'f-1',
});
const hardening = (families: Family[], over: Partial<Incident> = {}) => {
  const incident = contained(over);
  return hardeningOf({ ...incident, summary: { ...incident.summary, maxima: families.map(found) } });
};
const commandsFor = (family: Family, over: Partial<Incident> = {}) =>
  hardening([family], over).flatMap(({ commands }) => commands.map((line) => line.replaceAll(/ \\\n */g, ' ')));

const CONTEXT = '--context=gke_p1_europe-west1_c1';

describe('views/report-hardening', () => {
  it('has a command of the cluster of the incident, and of its namespace, for each family of evidence', () => {
    assert.deepEqual(commandsFor('spec'), [
      `kubectl ${CONTEXT} label namespace shop pod-security.kubernetes.io/enforce=baseline --dry-run=server`,
      `kubectl ${CONTEXT} label namespace shop pod-security.kubernetes.io/enforce=baseline`,
    ]);
    assert.deepEqual(commandsFor('network'), [`kubectl ${CONTEXT} get networkpolicies --namespace=shop`]);
    assert.deepEqual(commandsFor('cpu'), [`kubectl ${CONTEXT} describe resourcequota --namespace=shop`]);
    assert.match(commandsFor('rbac').join(), new RegExp(`^kubectl ${CONTEXT} get clusterrolebindings,rolebindings `));
    assert.deepEqual(commandsFor('identity'), ['gcloud iam service-accounts list --project=p1']);
    assert.match(commandsFor('threat-feed').join(), new RegExp(`^kubectl ${CONTEXT} get pods `));
    for (const family of ['spec', 'exec', 'network', 'cpu', 'rbac', 'identity', 'threat-feed'] as const)
      assert.ok(hardening([family]).every(({ text }) => /^[A-Z].*[.]$/.test(text)));
  });

  it('has no command of a namespace where the incident is about none, and names no cluster that it does not know', () => {
    const target = { project: 'p1', principal: 'ana@example.com' };
    for (const family of ['spec', 'exec', 'network', 'cpu'] as const)
      assert.deepEqual(commandsFor(family, { target }), []);
    assert.match(commandsFor('rbac', { target }).join(), /^kubectl get clusterrolebindings,rolebindings /);
  });

  it('says each thing once, however many rules of a family spoke', () => {
    assert.deepEqual(hardening(['exec', 'exec', 'cpu']), [...hardening(['exec']), ...hardening(['cpu'])]);
  });
});
