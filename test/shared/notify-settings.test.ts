import { strict as assert } from 'node:assert';
import { readNotifySettings } from '../../shared/notify-settings.ts';

const SECRET = Buffer.alloc(32, 'a').toString('base64');

describe('readNotifySettings', () => {
  it('configures no notifier if no variable is set', () => {
    assert.deepEqual(readNotifySettings({}), {});
  });

  it('reads every variable, without the line end that a mounted secret often has', () => {
    const read = readNotifySettings({
      FIREBREAK_SLACK_TOKEN: 'xoxb-1111111111-abcdefghij\n',
      FIREBREAK_SLACK_CHANNEL: '#security',
      FIREBREAK_PAGERDUTY_ROUTING_KEY: `${'a'.repeat(32)}\n`,
      FIREBREAK_WEBHOOK_URL: 'https://hooks.example.com/a?b=c',
      FIREBREAK_WEBHOOK_SECRET: `whsec_${SECRET}`,
      FIREBREAK_CONSOLE_URL: 'https://firebreak.example.com/',
    });
    assert.deepEqual(read, {
      slack: { token: 'xoxb-1111111111-abcdefghij', channel: '#security', endpoint: 'https://slack.com' },
      pagerduty: { routingKey: 'a'.repeat(32), endpoint: 'https://events.pagerduty.com' },
      webhook: { url: 'https://hooks.example.com/a?b=c', secrets: [Buffer.alloc(32, 'a')] },
      consoleUrl: 'https://firebreak.example.com',
    });
  });

  it('accepts plain HTTP only to this machine', () => {
    const url = (text: string) => readNotifySettings({ FIREBREAK_WEBHOOK_URL: text, FIREBREAK_WEBHOOK_SECRET: SECRET });
    assert.ok(url('http://127.0.0.1:8080/hook').webhook !== undefined);
    for (const bad of ['http://hooks.example.com/', 'ftp://a', 'https://user:pw@a.example.com', 'https://a/#b', 'a']) {
      assert.throws(() => url(bad), /FIREBREAK_WEBHOOK_URL: expected an https URL/, bad);
    }
  });

  it('names every wrong variable at once, and quotes no value', () => {
    const secrets = { token: 'xoxb-short', key: 'f00d', hook: 'c2hvcnQ=' };
    const env = {
      FIREBREAK_SLACK_TOKEN: secrets.token,
      FIREBREAK_SLACK_CHANNEL: 'two words',
      FIREBREAK_PAGERDUTY_ROUTING_KEY: secrets.key,
      FIREBREAK_WEBHOOK_SECRET: secrets.hook,
      FIREBREAK_CONSOLE_URL: 'https://a.example.com/?token=1',
    };
    assert.throws(
      () => readNotifySettings(env),
      (thrown) => {
        assert.ok(thrown instanceof Error);
        for (const name of Object.keys(env))
          assert.ok(thrown.message.includes(`${name}: `), `${name}: ${thrown.message}`);
        for (const secret of Object.values(secrets)) assert.ok(!thrown.message.includes(secret), thrown.message);
        return true;
      },
    );
  });

  it('refuses a notifier with only one of its two variables', () => {
    const half = (name: string, value: string, missing: RegExp) =>
      assert.throws(() => readNotifySettings({ [name]: value }), missing);
    half('FIREBREAK_SLACK_CHANNEL', 'C0123', /FIREBREAK_SLACK_TOKEN: not set, but FIREBREAK_SLACK_CHANNEL is/);
    half('FIREBREAK_SLACK_TOKEN', 'xoxb-1111111111', /FIREBREAK_SLACK_CHANNEL: not set/);
    half('FIREBREAK_WEBHOOK_URL', 'https://a.example.com', /FIREBREAK_WEBHOOK_SECRET: not set/);
    half('FIREBREAK_WEBHOOK_SECRET', SECRET, /FIREBREAK_WEBHOOK_URL: not set/);
  });

  it('accepts one or two secrets, neither of them short', () => {
    const read = (secret: string) =>
      readNotifySettings({ FIREBREAK_WEBHOOK_URL: 'https://a.example.com', FIREBREAK_WEBHOOK_SECRET: secret });
    assert.equal(read(`${SECRET}, whsec_${SECRET}`).webhook?.secrets.length, 2);
    for (const bad of ['whsec_', 'c2hvcnQ=', 'not base64!'.repeat(5), `${SECRET},`, `${SECRET},${SECRET},${SECRET}`]) {
      assert.throws(() => read(bad), /FIREBREAK_WEBHOOK_SECRET: expected whsec_ and at least 24 bytes/, bad);
    }
  });
});
