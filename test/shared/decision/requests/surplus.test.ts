import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { surplusIn, unheededIn } from '../../../../shared/decision/requests/surplus.ts';
import { ACTIONS, type Request, request } from '../../../../shared/model/request.ts';
import { decisionKit } from '../../../kit/decision.ts';
import { ANA, asking } from '../../../kit/requests.ts';

/** A value of each field that has a meaning for some actions only. */
const VALUES = {
  tier: 'isolate',
  target: { project: 'p1' },
  incident: 'i-1-1',
  plan: 'abcdef0123456789',
  stopFirst: true,
  investigate: true,
  forensics: true,
  sandbox: true,
  drain: true,
} as const;
const FIELDS = Object.keys(VALUES);
const ADDING = ['stopFirst', 'investigate', 'forensics', 'sandbox', 'drain'];

const TAKEN: Readonly<Record<Request['action'], readonly string[]>> = {
  contain: ['tier', 'target', 'incident', ...ADDING],
  approve: ['tier', 'incident', 'plan', ...ADDING],
  reject: ['tier', 'incident', 'plan'],
  release: ['incident'],
  close: ['incident'],
  halt: [],
  resume: [],
};

const requestWith = (action: Request['action'], over: object): Request => request.parse({ action, ...ANA, ...over });

describe('the fields of a request', () => {
  it('are all in this table, except those that every action takes', () => {
    const ofAll = ['id', 'at', 'action', 'reason', 'requestedBy', 'idToken'];
    assert.deepEqual(Object.keys(request.shape).toSorted(), [...ofAll, ...FIELDS].toSorted());
  });

  for (const action of ACTIONS)
    for (const [field, value] of Object.entries(VALUES)) {
      const asked = requestWith(action, { [field]: value });
      if (TAKEN[action].includes(field))
        it(`${action} takes ${field}`, () => assert.equal(surplusIn(asked), undefined));
      else if (action === 'halt')
        it(`halt goes ahead in spite of ${field}, and says that it was not heeded`, () => {
          assert.equal(surplusIn(asked), undefined);
          assert.deepEqual(unheededIn(asked), [`field "${field}" was not heeded: a halt stops everything`]);
        });
      else
        it(`${action} refuses ${field}, and names the actions that it belongs to`, () => {
          const takers = ACTIONS.filter((one) => TAKEN[one].includes(field));
          const sentence = surplusIn(asked) ?? '';
          assert.ok(sentence.startsWith(`field "${field}": `), sentence);
          assert.match(sentence, /; leave it out; nothing was done$/);
          for (const taker of takers) assert.match(sentence, new RegExp(`belongs only to .*\\b${taker}\\b`));
          assert.match(sentence, new RegExp(`, not to ${action};`));
        });
    }

  it('add nothing where they are false', () => {
    for (const action of ACTIONS)
      for (const field of ADDING) assert.equal(surplusIn(requestWith(action, { [field]: false })), undefined);
  });

  it('are refused by operate before anything is done', async () => {
    const kit = decisionKit();
    const { id } = await asking(kit);
    const { state, outcome } = await kit.ask({ action: 'release', incident: id, investigate: true, ...ANA });
    assert.deepEqual(
      [state, outcome],
      [
        'refused',
        'field "investigate": it belongs only to contain and approve, not to release; leave it out; nothing was done',
      ],
    );
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
    const halted = await kit.ask({ action: 'halt', tier: 'isolate', ...ANA });
    assert.match(halted.outcome ?? '', /^halted: .*; field "tier" was not heeded: a halt stops everything$/);
  });
});
