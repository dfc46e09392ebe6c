import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { STEPS } from '../../../shared/containment/steps/registry.ts';
import { isStanding } from '../../../shared/model/entry.ts';
import { host } from '../../../shared/model/host.ts';
import { incident } from '../../../shared/model/incident.ts';
import {
  containmentKit,
  endOf,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
  withSandboxPool,
} from '../../kit/containment.ts';
import { deliver, dieAt, TICK_MS } from '../../kit/deliveries.ts';
import { restorableOf } from '../../simulation/restorable.ts';

const FIXTURE = new URL('../../fixtures/documents/shape-v1.json', import.meta.url);
/** What the first releases wrote: 1 for any value, `name?` for a field that may be absent, a word for a shape below. */
const SHAPES: Record<string, unknown> = JSON.parse(readFileSync(FIXTURE, 'utf8'));

/** A value without all that its shape lacks. Fails where the value lacks a field that the first releases wrote. */
const cut = (value: unknown, shape: unknown, where: string): unknown => {
  if (shape === 1) return value;
  if (shape === 'image') return assert.fail(`${where}: an image is cut with its entry`);
  if (typeof shape === 'string') return cut(value, SHAPES[shape], where);
  if (Array.isArray(shape)) {
    assert.ok(Array.isArray(value), `${where} was a list`);
    return value.map((one, n) => cut(one, shape[0], `${where}[${n}]`));
  }
  if (value === null) return null;
  const fields = Object.entries(Object(shape)).flatMap(([name, inner]) => {
    const key = name.replace('?', '');
    if (Object(value)[key] === undefined) {
      assert.ok(name.endsWith('?'), `${where}.${key} was written by the first releases, and readers of theirs need it`);
      return [];
    }
    const image = inner === 'image' ? Object(SHAPES.image)[Object(value).step] : inner;
    assert.ok(image !== undefined, `${where}: the first releases had no step ${Object(value).step}`);
    return [[key, cut(Object(value)[key], image, `${where}.${key}`)]];
  });
  return Object.fromEntries(fields);
};

/** Leaves in the stored documents only what the first releases wrote. */
const age = async ({ ports: { stores } }: Kit): Promise<void> => {
  for (const one of (await stores.incidents.list({})).items)
    await stores.incidents.put(one.id, incident.parse(cut(one, 'incident', one.id)), one.rev);
  for (const one of (await stores.hosts.list({})).items)
    await stores.hosts.put(one.id, host.parse(cut(one, 'host', `host ${one.node}`)), one.rev);
};

const TIERS = {
  isolate: { investigate: true, forensics: true, freeze: true },
  redeploy: { sandbox: true },
} as const;

const opened = async (tier: keyof typeof TIERS) => {
  const kit = containmentKit();
  withSandboxPool(kit);
  const before = restorableOf(kit);
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, 'i-1', [subject], tier, { options: TIERS[tier] });
  return { kit, before };
};

/** What a release did not restore, of the objects that are still there. */
const leftOf = (kit: Kit, before: ReturnType<typeof restorableOf>): string[] => {
  const after = restorableOf(kit);
  return [...before].flatMap(([uid, { what, fields }]) => {
    const now = after.get(uid);
    return now === undefined || JSON.stringify(now.fields) === JSON.stringify(fields)
      ? []
      : [`${what}: ${JSON.stringify(now.fields)}, was ${JSON.stringify(fields)}`];
  });
};

const released = async (kit: Kit, before: ReturnType<typeof restorableOf>, where: string): Promise<void> => {
  await setGoal(kit, 'i-1', 'released');
  const { state, journal } = await deliver(kit);
  assert.equal(state, 'released', where);
  const undoable = new Set(STEPS.flatMap((step) => (step.undoable ? [step.id] : [])));
  const kept = journal.filter((e) => undoable.has(e.step) && isStanding(e));
  assert.deepEqual([kept, leftOf(kit, before)], [[], []], where);
  assert.deepEqual(
    journal.filter((e) => /cannot be read/.test(e.because ?? '')),
    [],
    where,
  );
};

describe('documents of the first releases', () => {
  for (const tier of ['isolate', 'redeploy'] as const) {
    it(`are released once ${tier} is reached`, async () => {
      const { kit, before } = await opened(tier);
      await deliver(kit);
      await age(kit);
      await released(kit, before, tier);
    });

    it(`are carried on to the end and released, wherever ${tier} was left`, async () => {
      const reference = await opened(tier);
      const end = endOf(await deliver(reference.kit));
      for (let call = 10; call < 200; call += 19) {
        const { kit, before } = await opened(tier);
        await dieAt(kit, call);
        await age(kit);
        await kit.clock.advance(TICK_MS);
        assert.deepEqual(endOf(await deliver(kit)), end, `left after ${call} calls`);
        await released(kit, before, `left after ${call} calls`);
      }
    });
  }

  it('have had an image of every step that can be undone', async () => {
    const undoable = STEPS.filter(({ undoable }) => undoable).map(({ id }) => id);
    const deletes = ['delete-workload', 'delete-host'];
    assert.deepEqual(undoable.filter((id) => !Object.hasOwn(Object(SHAPES.image), id)).toSorted(), deletes.toSorted());
    assert.equal((await incidentOf((await opened('isolate')).kit, 'i-1')).v, 1);
  });
});
