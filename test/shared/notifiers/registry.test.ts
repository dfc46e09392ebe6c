import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { NOTIFIERS, openNotifiers } from '../../../shared/notifiers/registry.ts';
import { readNotifySettings } from '../../../shared/notify-settings.ts';

const EXAMPLES: Readonly<Record<string, string>> = {
  FIREBREAK_SLACK_TOKEN: 'xoxb-1111111111-abcdefghij',
  FIREBREAK_SLACK_CHANNEL: 'C0123456789',
  FIREBREAK_PAGERDUTY_ROUTING_KEY: '0123456789abcdef0123456789abcdef',
  FIREBREAK_WEBHOOK_URL: 'https://hooks.example.com/firebreak',
  FIREBREAK_WEBHOOK_SECRET: 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
};

describe('the notifiers', () => {
  it('are the files of their folder, each under its own name', () => {
    const files = readdirSync(new URL('../../../shared/notifiers/', import.meta.url))
      .filter((file) => file !== 'registry.ts' && file !== 'notifier.ts')
      .map((file) => file.replace(/\.ts$/, ''));
    assert.deepEqual(NOTIFIERS.map((one) => one.id).toSorted(), files.toSorted());
  });
});

describe('openNotifiers', () => {
  const clock = { now: () => 0, sleep: async () => {} };
  const nothing = () => assert.fail('nothing is sent');
  const log = { info: nothing, warn: nothing, error: nothing, count: nothing };
  const ports = { log, clock, post: nothing };

  it('opens only the log if nothing is configured, and each other notifier by its variables', () => {
    assert.deepEqual(
      openNotifiers({}, ports).map(({ id }) => id),
      ['cloud-logging'],
    );
    for (const { id, variables } of NOTIFIERS) {
      const env = Object.fromEntries(variables.map((name) => [name, EXAMPLES[name]]));
      const opened = openNotifiers(readNotifySettings(env), ports).map((one) => one.id);
      assert.deepEqual(opened, [...new Set(['cloud-logging', id])]);
    }
  });
});
