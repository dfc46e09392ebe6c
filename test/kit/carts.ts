import { strict as assert } from 'node:assert';
import { makeDecide } from '../../functions/decide/handler.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Target } from '../../shared/model/target.ts';
import { REPLAY } from '../../shared/replay.ts';
import { envelopeOf, type Kit, podsNamed, targetOf } from './decision.ts';

/** The n-th pod of the shop's cart, as findings and requests name it. */
export const cart = (kit: Kit, n = 0): Target =>
  targetOf(podsNamed(kit, 'shop', 'cart-')[n] ?? assert.fail(`no cart ${n}`));

/** Decides a finding that was replayed from a dead letter. */
export const replay = (kit: Kit, finding: Finding): Promise<void> =>
  makeDecide(kit.ports)({
    ...envelopeOf('findings', `again-${finding.id}`, finding, kit.clock.now()),
    attributes: { [REPLAY]: 'd-1' },
  });
