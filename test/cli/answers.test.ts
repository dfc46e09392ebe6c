import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { approveCommand } from '../../cli/commands/approve.ts';
import { rejectCommand } from '../../cli/commands/reject.ts';
import type { Connect } from '../../cli/connect.ts';
import { main } from '../../cli/main.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { incidentText } from '../../shared/views/incident-text.ts';
import { plainPalette } from '../../shared/views/palette.ts';
import { decisionKit, type Kit } from '../kit/decision.ts';
import { asking } from '../kit/requests.ts';
import { captured } from './kit.ts';

/** A pod with a finding that warrants more than may run without approval. */
const asked = async (): Promise<{ kit: Kit; before: Incident }> => {
  const kit = decisionKit();
  return { kit, before: await asking(kit) };
};

/** Runs a command whose requests `operate` handles at once, so that the outcome is there before the command waits. */
const run = async (kit: Kit, argv: string[]) => {
  const connect: Connect = async () => ({
    project: 'p1',
    local: true,
    bus: {
      publish: async (_topic, body) => {
        await kit.ask(body);
        return 'm';
      },
    },
    stores: kit.ports.stores,
    close: async () => undefined,
  });
  const { io, said } = captured({ now: () => kit.clock.now() });
  const code = await main(argv, io, {
    approve: async () => (program, own) => approveCommand(program, own, connect),
    reject: async () => (program, own) => rejectCommand(program, own, connect),
  });
  return { code, ...(await said()) };
};

/** The `firebreak <action>` command that a person is shown, split into arguments as a shell would. */
const shown = (kit: Kit, incident: Incident, action: string): string[] => {
  const text = incidentText(incident, { palette: plainPalette, columns: 120, now: kit.clock.now() });
  const line = text.split('\n').find((one) => one.includes(`firebreak ${action} `)) ?? assert.fail(`no ${action}`);
  return line.trim().replace('"..."', 'looked-at').split(' ').slice(1);
};

describe('answering an ask from the command line', () => {
  for (const [action, outcome, rev] of [
    ['reject', 'rejected', 1],
    ['approve', 'approved', 2],
  ] as const) {
    it(`answers the open ask if ${action} names no plan`, async () => {
      const { kit, before } = await asked();
      const { code, out } = await run(kit, [action, before.id, '--reason', 'looked at', '--wait']);
      assert.equal(code, 0, out);
      const { answered, decision, goal } = await kit.incident();
      assert.deepEqual([answered?.map((a) => a.outcome), decision?.asked, goal?.rev], [[outcome], undefined, rev]);
    });

    it(`answers the ask if ${action} is run exactly as it is shown`, async () => {
      const { kit, before } = await asked();
      const argv = shown(kit, before, action);
      assert.ok(argv.includes(before.decision?.asked?.plan ?? assert.fail('nothing is asked')));
      const { code, out } = await run(kit, [...argv, '--wait']);
      assert.equal(code, 0, out);
      assert.deepEqual(
        (await kit.incident()).answered?.map((a) => a.outcome),
        [outcome],
      );
    });
  }
});
