import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { mergeFinding, subjectsWith } from '../../../shared/decision/merge.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { finding as findingSchema } from '../../../shared/model/finding.ts';
import { SEVERITIES } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { Subject } from '../../../shared/model/subject.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { ACT, finding, incidentOn, NOW, pod } from './fixtures.ts';

const merge = (incident: Incident, one: Finding, subjects: Subject[] = []): Incident =>
  mergeFinding(incident, { finding: one, subjects, notes: [], fresh: true, now: NOW + 86_400_000 }, ACT);

describe('merging', () => {
  it('keeps findings and summary within 128 KiB, however long the findings are', () => {
    const wide = '\u{1f41a}'.repeat(500);
    let incident = incidentOn({ subjects: [] });
    for (let n = 0; n < 300; n += 1) {
      const one = finding({
        id: `f-${n}`,
        rule: `r-${n % 60}`,
        severity: SEVERITIES[n % 4] ?? 'low',
        because: Array.from({ length: 20 }, () => wide),
        principal: `${n}-${'p'.repeat(300)}`,
        target: { ...finding().target, pod: 'a'.repeat(253) },
      });
      assert.ok(findingSchema.safeParse(one).success);
      incident = merge(incident, one);
    }
    const { findings, summary } = incident;
    assert.ok(Buffer.byteLength(JSON.stringify({ findings, summary })) <= 128 * 1024);
    assert.equal(summary.count, 300);
    assert.equal(summary.principals.length, 20);
    assert.ok(findings.length > 5 && findings.length <= 20, `${findings.length} exemplars`);
  });

  it('keeps them within 128 KiB and the worst of them, also if every rule claims every severity', () => {
    const claims = Array.from({ length: 1600 }, (_, n) =>
      finding({ id: `f-${'0'.repeat(70)}${n}`, rule: `r-${Math.floor(n / 4)}`, severity: SEVERITIES[n % 4] ?? 'low' }),
    );
    const merged = (some: Finding[]): Incident => some.reduce((i, one) => merge(i, one), incidentOn({ subjects: [] }));
    const { findings, summary } = merged(claims);
    assert.ok(Buffer.byteLength(JSON.stringify({ findings, summary })) <= 128 * 1024);
    assert.equal(findings.length, 20);
    assert.ok(summary.maxima.every(({ severity }) => severity === 'critical'));
    assert.deepEqual(merged(claims.toReversed()).summary.maxima, summary.maxima, 'in whatever order they come');
  });

  it('keeps a finding of another rule in a storm of one rule', () => {
    const storm = Array.from({ length: 40 }, (_, n) => finding({ id: `f-${n}`, severity: 'critical' }));
    const quiet = finding({ id: 'f-quiet', rule: 'r-quiet', severity: 'low', confidence: 0.1 });
    const { findings } = [quiet, ...storm].reduce((i, one) => merge(i, one), incidentOn());
    assert.equal(findings.length, 20);
    assert.ok(findings.some((f) => f.id === 'f-quiet'));
  });

  it('holds at most 60 subjects, and never drops one that it holds', () => {
    const many = Array.from({ length: 100 }, (_, n) => pod({ uid: `pod-${n}` }));
    const held = subjectsWith([pod({ uid: 'first' })], many);
    assert.equal(held.length, 60);
    assert.ok(held.some((s) => s.uid === 'first'));
    assert.equal(subjectsWith(held, many), held, 'the same list where nothing was learned');
  });

  it('follows a pod to the VM that was made again for its Node, and never back by a late reading', () => {
    const host = { id: '11', node: 'n1', nodeUid: 'u1', project: 'p1', zone: 'europe-west1-b', instance: 'n1' };
    const [first, moved] = [pod({ host }), pod({ host: { ...host, id: '12' } })];
    const [now] = subjectsWith([first], [moved]);
    assert.deepEqual([Object(now).host?.id, Object(now).formerHosts], ['12', [host]]);
    assert.equal(subjectsWith([now ?? assert.fail()], [first])[0], now);
    const { instance: _, zone: __, project: ___, ...bare } = host;
    assert.equal(subjectsWith([first], [pod({ host: { ...bare, id: 'u1' } })])[0], first);
  });

  it('follows a pod from an id that nobody has confirmed to one that is, and never to the former', () => {
    const host = { id: '11', node: 'n1', nodeUid: 'u1', project: 'p1', zone: 'europe-west1-b', instance: 'n1' };
    const [confirmed, claimed] = [pod({ host }), pod({ host: { ...host, id: '99', unconfirmed: true } })];
    assert.equal(subjectsWith([confirmed], [claimed])[0], confirmed);
    assert.equal(Object(subjectsWith([claimed], [confirmed])[0]).host?.id, '11');
  });

  it('keeps the controllers of a pod that was taken out of them since', () => {
    const [set] = pod().owners;
    assert.ok(set !== undefined);
    const known = pod({ owners: [set], ownersUnread: 'its Deployment cart cannot be read' });
    assert.deepEqual(subjectsWith([known], [pod({ owners: [] })]), [known]);
    const top = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', uid: 'd-1' };
    const read = pod({ owners: [set, top] });
    assert.deepEqual(subjectsWith([known], [read]), [read]);
    const { host: _, ...homeless } = known;
    assert.deepEqual(subjectsWith([homeless], [pod({ owners: [] })]), [known]);
  });

  it('learns the node of a pod that had none, and never forgets a node', () => {
    const { host: _, ...homeless } = pod();
    const learned = subjectsWith([homeless], [pod({ addedAt: timeOf(NOW + 1) })]);
    assert.deepEqual(learned, [pod()]);
    assert.equal(subjectsWith(learned, [homeless]), learned);
  });

  it('removes control characters from foreign text', () => {
    const { findings } = merge(incidentOn(), finding({ because: ['a\u001b[31mb\nc'] }));
    assert.deepEqual(findings[0]?.because, ['a [31mb c']);
  });
});
