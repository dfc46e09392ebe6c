import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { tellingNew } from '../../../shared/containment/revoked.ts';
import type { Entry } from '../../../shared/model/entry.ts';

const entry = (pod: string, commands?: string[]): Entry => ({
  step: 'capture-evidence',
  subject: `shop/${pod}#objects`,
  uid: pod,
  state: 'applied',
  startedAt: '2026-03-02T03:00:00.000Z',
  proof: 'proven',
  rev: 1,
  ...(commands === undefined ? {} : { revoke: commands.map((command) => ({ command, ends: 'its access' })) }),
});
const commandsOf = ({ revoke }: Entry) => revoke?.map(({ command }) => command);

describe('commands that revoke what stays valid', () => {
  it('are listed by one entry of a journal only, its own earlier version aside', () => {
    const journal = [entry('a', ['one', 'two']), entry('b')];
    assert.deepEqual(commandsOf(tellingNew(entry('b', ['two', 'three']), journal)), ['three']);
    assert.deepEqual(commandsOf(tellingNew(entry('a', ['one', 'two']), journal)), ['one', 'two']);
    assert.deepEqual(tellingNew(entry('b', ['one']), journal), entry('b'), 'nothing new');
    assert.deepEqual(tellingNew(entry('b'), journal), entry('b'));
  });

  it('are at most thirty of those that are new', () => {
    const names = Array.from({ length: 40 }, (_, n) => `${n}`);
    assert.deepEqual(commandsOf(tellingNew(entry('b', names), [entry('a', names.slice(0, 5))])), names.slice(5, 35));
  });
});
