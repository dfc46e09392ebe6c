import { strict as assert } from 'node:assert';
import { z } from 'zod';
import { readConfig } from '../../shared/config.ts';
import { DEFAULT_SETTINGS, readSettings } from '../../shared/containment/settings.ts';
import { readNotifySettings } from '../../shared/notify-settings.ts';
import { readEnvironment } from '../../shared/read-environment.ts';

const variables = z.object({
  A: z.string().regex(/^a+$/, 'expected a').optional(),
  B: z.string('not set: give b').regex(/^b+$/, 'expected b'),
});

describe('readEnvironment', () => {
  it('gives the variables of the schema and no others', () => {
    assert.deepEqual(readEnvironment(variables, { A: 'aa', B: 'b', PATH: '/bin' }), { A: 'aa', B: 'b' });
  });

  it('names every wrong variable at once, and quotes no value', () => {
    assert.throws(() => readEnvironment(variables, { A: 'hunter2', B: 'hunter3' }), {
      message: 'The environment is not usable. A: expected a; B: expected b.',
    });
  });

  for (const blank of ['', ' ', '\n'])
    it(`treats ${JSON.stringify(blank)} as unset, whoever reads the variable`, () => {
      assert.deepEqual(readEnvironment(variables, { A: blank, B: 'b' }), { B: 'b' });
      assert.throws(() => readEnvironment(variables, { B: blank }), /B: not set: give b/);
      assert.equal(readConfig({ FIREBREAK_PROJECT: 'p1', FIREBREAK_STORE: blank }).store, undefined);
      assert.deepEqual(readSettings({ FIREBREAK_KILLER_IMAGE: blank }), DEFAULT_SETTINGS);
      assert.deepEqual(readNotifySettings({ FIREBREAK_WEBHOOK_URL: blank }), {});
    });
});
