import { strict as assert } from 'node:assert';
import { DEFAULT_SETTINGS, readSettings } from '../../../shared/containment/settings.ts';

const DIGEST = `@sha256:${'a'.repeat(64)}`;

describe('containment/settings', () => {
  it('gives the defaults when no variable is set: no killer image, and access for 60 minutes', () => {
    assert.deepEqual(readSettings({}), DEFAULT_SETTINGS);
    assert.equal(DEFAULT_SETTINGS.killerImage, undefined);
    assert.equal(DEFAULT_SETTINGS.investigation.minutes, 60);
  });

  it('reads every variable', () => {
    const settings = readSettings({
      FIREBREAK_FORENSICS_IMAGE: `tools.example.com/forensics:1.2${DIGEST}`,
      FIREBREAK_KILLER_IMAGE: `tools.example.com/debian${DIGEST}`,
      FIREBREAK_INVESTIGATION_FROM: 'tag:bastion',
      FIREBREAK_INVESTIGATION_MINUTES: '30',
      FIREBREAK_INVESTIGATION_SSH_KEY: 'ana:ssh-ed25519 AAAAC3Nz ana@example.com',
    });
    assert.equal(settings.forensicsImage, `tools.example.com/forensics:1.2${DIGEST}`);
    assert.deepEqual(settings.investigation, {
      from: { tag: 'bastion' },
      minutes: 30,
      sshKey: 'ana:ssh-ed25519 AAAAC3Nz ana@example.com',
    });
    const ranges = readSettings({ FIREBREAK_INVESTIGATION_FROM: '10.0.0.0/8,192.168.0.0/16' });
    assert.deepEqual(ranges.investigation.from, { ranges: ['10.0.0.0/8', '192.168.0.0/16'] });
  });

  it('names each variable with a wrong value: an image by tag, mixed sources, or an invalid time', () => {
    const wrong = {
      FIREBREAK_KILLER_IMAGE: 'tools.example.com/debian:12',
      FIREBREAK_FORENSICS_IMAGE: `Tools example${DIGEST}`,
      FIREBREAK_INVESTIGATION_FROM: '10.0.0.0/8,2001:db8::/32',
      FIREBREAK_INVESTIGATION_MINUTES: '0',
      FIREBREAK_INVESTIGATION_SSH_KEY: 'ana:ssh-rsa AAAA\nroot:ssh-rsa BBBB',
    };
    assert.throws(
      () => readSettings(wrong),
      (thrown: unknown) => {
        assert.ok(thrown instanceof Error);
        for (const [name, value] of Object.entries(wrong)) {
          assert.ok(thrown.message.includes(name), name);
          assert.equal(value.length > 3 && thrown.message.includes(value), false, name);
        }
        return true;
      },
    );
    for (const from of ['tag:Bastion!', 'bastion', '10.0.0.0/33', '10.0.0.0', '203.0.113.9/28'])
      assert.throws(() => readSettings({ FIREBREAK_INVESTIGATION_FROM: from }), /FIREBREAK_INVESTIGATION_FROM/);
  });
});
