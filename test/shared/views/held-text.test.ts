import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { heldOn } from '../../../shared/views/held-text.ts';
import { incidentText } from '../../../shared/views/incident-text.ts';
import { plainPalette } from '../../../shared/views/palette.ts';
import { approve, heldBack, MINER, planOf, see, verifiedKit } from '../../kit/asks.ts';
import { consoleKit } from '../../kit/console.ts';

describe('what an incident says that a budget holds back', () => {
  it('is how to go on once its ask is rejected, in the terminal and in the console, and nothing before', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const held = await heldBack(kit);
    assert.equal(heldOn(held, kit.clock.now()), undefined);
    await kit.ask({ ...approve(held, planOf(held)), action: 'reject' });
    const after = await kit.incident();
    const { text, command } = heldOn(after, kit.clock.now()) ?? assert.fail();
    assert.equal(command, `firebreak contain ${held.id} --tier isolate --project p1 --reason "..."`);
    assert.ok(text.startsWith('isolate stays held by the budget. '));
    const shown = incidentText(after, { palette: plainPalette, columns: 100, now: kit.clock.now() });
    assert.ok(shown.includes(`\n    ${command}\n`));
    const { body } = await consoleKit({}, kit).get(`/incidents/${held.id}`);
    assert.match(body, /Approve [^?]*delete-workload.*isolate stays held by the budget/s);
  });

  it('says nothing of an incident that is over, or before people are asked', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const { decision, ...held } = await heldBack(kit);
    assert.ok(decision !== null);
    const { asked: _, ...unasked } = decision;
    assert.equal(heldOn({ ...held, decision: unasked }, kit.clock.now()), undefined);
    const goal = held.goal === null ? assert.fail() : { ...held.goal, tier: 'closed' as const };
    assert.equal(heldOn({ ...held, decision, goal }, kit.clock.now()), undefined);
  });
});
