import { strict as assert } from 'node:assert';
import { hashLine, type Manifest } from '../../../shared/views/report-facts.ts';
import { reportFacts } from './report-fixtures.ts';

describe('the command that holds an exhibit against its hash', () => {
  const key = 'incidents/i-0a1b2c3d4e5f-1/6f1c0b52-9a1e-4c7e-8d57-0c3b7a5d1e01/objects/pod.json';

  it('is about a file whose hash the report has, and not about the manifest', () => {
    assert.equal(hashLine(reportFacts()), `gcloud storage cat gs://p1-evidence/${key} | sha256sum`);
    assert.equal(hashLine(reportFacts({ evidenceAt: '/e v' })), `sha256sum '/e v/${key}'`);
  });

  it('is left out where no file was kept, or where nobody knows its place', () => {
    const { manifests } = reportFacts();
    const missing = manifests.map(
      (one): Manifest => ('kept' in one ? { ...one, kept: one.kept.filter((e) => 'missing' in e) } : one),
    );
    assert.equal(hashLine(reportFacts({ manifests: missing })), undefined);
    assert.equal(hashLine(reportFacts({ evidenceAt: undefined })), undefined);
  });

  it('stays one command whatever the evidence says', () => {
    const kept = [{ name: 'x', key: "x'; reboot\n$(reboot)", sha256: 'ab'.repeat(32), size: 1 }];
    const manifests: Manifest[] = [{ subject: 's', key: 'k', at: '2026-11-03T03:12:04.000Z', kept }];
    const line = hashLine(reportFacts({ manifests })) ?? '';
    assert.match(line, /^gcloud storage cat 'gs:.*' \| sha256sum$/);
    assert.equal(line.includes('\n'), false);
  });
});
