import { strict as assert } from 'node:assert';
import type { RbacRule, Step } from '../../shared/containment/step.ts';
import type { Goal } from '../../shared/model/decision.ts';
import type { Entry, EntryState } from '../../shared/model/entry.ts';
import type { Subject } from '../../shared/model/subject.ts';
import { CONTAIN, changesOf, containmentKit, incidentOf, type Kit, openIncident } from '../kit/containment.ts';
import {
  type Carried,
  carry,
  leftOvers,
  overwritten,
  type Part,
  recording,
  releaseStep,
  rewind,
  STEP_INCIDENT,
  STRANGER,
  undoAlone,
  verifyAgain,
} from '../kit/step.ts';

/** Prepares the world, and returns the subjects of the incident. */
export type Arrange = (kit: Kit) => Promise<Subject[]>;

/** How to test one step, and how it differs from the others, each difference with its reason. */
export type StepCase = {
  step: Step;
  /** The parts of a step that comes in parts: `capture-evidence` has two. */
  parts?: readonly Part[];
  /** Steps that a plan carries out before this one and that this one builds on. */
  first?: readonly Step[];
  goal?: Partial<Goal>;
  /** The ordinary case: the step is applied once. */
  arrange: Arrange;
  /** Further cases that need other permissions; all cases together use every permission that the step declares. */
  also?: readonly Arrange[];
  /** Undoes the step's change as a stranger; or the reason why nobody can. */
  stranger: ((kit: Kit) => void | Promise<void>) | { because: string };
  /** The changes that a release leaves in force, by `object path`. */
  leaves?: { path: RegExp; because: string };
  /** The entry's state if its subject was deleted and created again under its name. */
  madeAgain?: { state: EntryState; because: string };
  /** The entry's state if every call is refused. */
  denied?: { state: EntryState; because: string };
  /** Declared permissions that the simulated services do not check, each with the reason. */
  unseen?: Readonly<Record<string, string>>;
};

const OTHER_UID = '0f0f0f0f-1111-4222-8333-444455556666';
const OTHER_INSTANCE = '1234567890123456789';

/** The subject of an incident from before its pod, controller, node and VM were all deleted and created again. */
const earlier = (subject: Subject): Subject => {
  const host = <T extends { id: string; nodeUid: string }>(h: T): T => ({
    ...h,
    id: OTHER_INSTANCE,
    nodeUid: OTHER_UID,
  });
  if (subject.kind === 'node') return { ...subject, uid: OTHER_INSTANCE, host: host(subject.host) };
  if (subject.kind === 'workload') return { ...subject, uid: OTHER_UID, owner: { ...subject.owner, uid: OTHER_UID } };
  const owners = subject.owners.map((owner) => ({ ...owner, uid: OTHER_UID }));
  return {
    ...subject,
    uid: OTHER_UID,
    owners,
    ...(subject.host === undefined ? {} : { host: host(subject.host) }),
  };
};

/** Deletes the subjects of an incident, as a stranger would: pods and their controllers, and the VM of each. */
const vanish = (kit: Kit, subjects: readonly Subject[]): void => {
  for (const subject of subjects) {
    const owners = subject.kind === 'pod' ? subject.owners : subject.kind === 'workload' ? [subject.owner] : [];
    const pods = subject.kind === 'pod' ? [{ apiVersion: 'v1', kind: 'Pod', name: subject.name }] : [];
    const namespace = subject.kind === 'node' ? '' : subject.namespace;
    for (const { apiVersion, kind, name } of [...owners.toReversed(), ...pods])
      if (kit.cluster.get({ apiVersion, kind, namespace, name }) !== undefined)
        kit.cluster.drop({ apiVersion, kind, namespace, name }, STRANGER);
    const host = subject.kind === 'workload' ? undefined : subject.host;
    const url = `projects/${host?.project}/zones/${host?.zone}/instances/${host?.instance}`;
    if (kit.world.compute.state.instances.has(url)) kit.world.compute.stranger.deleteInstance(url, STRANGER);
  }
  kit.world.settle();
};

type Opened = {
  kit: Kit;
  /** The changes that contain made after the steps before this one. */
  changes(): string[];
};

const opened = async (given: StepCase, arrange: Arrange, change = (s: Subject) => s): Promise<Opened> => {
  const kit = containmentKit();
  const subjects = await arrange(kit);
  await openIncident(kit, STEP_INCIDENT, subjects.map(change), 'isolate', given.goal);
  for (const step of given.first ?? []) await carry(kit, step);
  const earlierOnes = changesOf(kit).length;
  return { kit, changes: () => changesOf(kit).slice(earlierOnes) };
};

const carryAll = async ({ step, parts }: StepCase, kit: Kit, most?: number): Promise<Carried[]> => {
  const carried: Carried[] = [];
  for (const part of parts ?? [undefined]) carried.push(...(await carry(kit, step, part, most)));
  return carried;
};

const rbacNames = (rules: readonly RbacRule[]): Array<{ group: string; resource: string; verb: string }> =>
  rules.flatMap(({ group, resource, verbs }) => verbs.map((verb) => ({ group, resource, verb })));

const unused = (step: Step, used: readonly string[]): string[] => {
  const rbac = rbacNames(step.permissions.rbac).filter(
    ({ group, resource, verb }) =>
      !used.some((name) => {
        const [, g = '', r = '', v = ''] = /^([^/]*)\/(\S+) (\S+)$/.exec(name) ?? [];
        return group === g && resource === r && verb === v;
      }),
  );
  return [
    ...rbac.map(({ group, resource, verb }) => `${group}/${resource} ${verb}`),
    ...step.permissions.iam.filter((permission) => !used.includes(permission)),
  ];
};

const undeclared = (step: Step, used: readonly string[]): string[] =>
  used.filter((name) => {
    const [, g, r = '', v = ''] = /^([^/]*)\/(\S+) (\S+)$/.exec(name) ?? [];
    if (g === undefined) return !step.permissions.iam.includes(name);
    return !rbacNames(step.permissions.rbac).some(
      ({ group, resource, verb }) => group === g && resource === r && verb === v,
    );
  });

const grantDeclared = (kit: Kit, step: Step): void => {
  kit.cluster.rbac.revoke(CONTAIN);
  for (const { group, resource, verbs, ownNamespace } of step.permissions.rbac)
    kit.cluster.rbac.grant(CONTAIN, {
      verbs,
      groups: [group],
      resources: [resource],
      ...(ownNamespace === true ? { namespaces: [kit.ports.settings.namespace] } : {}),
    });
  kit.world.compute.grant(CONTAIN, step.permissions.iam);
};

const halted = async (kit: Kit, halt: boolean): Promise<void> => {
  const known = await kit.ports.stores.halts.get('halt');
  const at = new Date(kit.clock.now()).toISOString();
  await kit.ports.stores.halts.put(
    'halt',
    { v: 1, rev: 0, writer: '', halted: halt, at, by: 'ana@example.com', reason: 'drill' },
    known?.rev ?? null,
  );
};

const told = (entries: readonly Entry[]): string => entries.map((e) => `${e.state} (${e.because})`).join(', ');
const entriesOf = (carried: readonly Carried[]): Entry[] => carried.map(({ entry }) => entry);

/**
 * The contract of every step, over a simulated cloud that knows nothing of steps. Applying a step twice changes the
 * world once. An undo restores what was there before, and touches nothing that a stranger changed. `verify` reads the
 * world. If the guard says no, nothing is sent. Another object under the same name is not touched. A step uses exactly
 * the permissions that it declares.
 */
export const stepContract = (given: StepCase): void => {
  const { step } = given;

  describe(`the contract of ${step.id}`, () => {
    it('is applied, and proven or says why not', async () => {
      const { kit } = await opened(given, given.arrange);
      const carried = await carryAll(given, kit);
      assert.ok(carried.length > 0, 'no subject');
      for (const { entry } of carried) {
        assert.equal(entry.state, 'applied', told([entry]));
        assert.ok(entry.proof === 'proven' || entry.because !== undefined, told([entry]));
      }
    });

    it('is applied once, also where the last write of its entry was lost', async () => {
      const { kit, changes } = await opened(given, given.arrange);
      const first = await carryAll(given, kit);
      const once = changes();
      for (const { bound, open } of first) await rewind(kit, bound, open);
      const again = await carryAll(given, kit);
      assert.deepEqual(
        again.map(({ entry }) => entry.state),
        first.map(({ entry }) => entry.state),
        told(entriesOf(again)),
      );
      assert.deepEqual(changes(), once);
    });

    it('sends nothing where the guard says no, on the first try and on a replay', async () => {
      const { kit, changes } = await opened(given, given.arrange);
      await halted(kit, true);
      for (const attempt of ['first', 'replay']) {
        await carryAll(given, kit, 3).catch((thrown: unknown) => assert.match(String(thrown), /halted by ana/));
        assert.deepEqual(changes(), [], attempt);
      }
      await halted(kit, false);
      const carried = await carryAll(given, kit);
      assert.ok(
        carried.every(({ entry }) => entry.state === 'applied'),
        told(entriesOf(carried)),
      );
    });

    it('does not touch what was made again under the same name', async () => {
      const { kit, changes } = await opened(given, given.arrange, earlier);
      const expected = given.madeAgain ?? { state: 'skipped' };
      const carried = await carryAll(given, kit);
      assert.ok(carried.length > 0, 'no subject');
      for (const { entry } of carried) {
        assert.equal(entry.state, expected.state, told([entry]));
        if (given.madeAgain === undefined) assert.match(entry.because ?? '', /gone|another/);
      }
      if (expected.state !== 'applied') assert.deepEqual(changes(), []);
    });

    it('ends with a reason where its subject goes away before a run goes on', async () => {
      const { kit } = await opened(given, given.arrange);
      const first = await carryAll(given, kit);
      for (const { bound, open } of first) await rewind(kit, bound, open);
      const { subjects } = await incidentOf(kit, STEP_INCIDENT);
      vanish(kit, subjects);
      for (const { entry } of await carryAll(given, kit)) {
        assert.ok(['applied', 'skipped'].includes(entry.state), told([entry]));
        if (entry.state === 'skipped') assert.match(entry.because ?? '', /gone/);
        assert.doesNotMatch(entry.because ?? '', /may still run/, 'its VM is gone');
      }
      await releaseStep(kit, step);
    });

    it('waits where it is denied, for rights to arrive, and goes on when they have', async () => {
      const { kit, changes } = await opened(given, given.arrange);
      kit.cluster.rbac.revoke(CONTAIN);
      kit.world.compute.grant(CONTAIN, []);
      const denied = await carryAll(given, kit, 2);
      const expected = given.denied ?? { state: 'pending' };
      for (const { entry } of denied) {
        assert.equal(entry.state, expected.state, told([entry]));
        if (given.denied === undefined) assert.match(entry.because ?? '', /denied, will be tried again until/);
      }
      assert.deepEqual(changes(), []);
      if (given.denied !== undefined) return;
      grantDeclared(kit, step);
      const carried = await carryAll(given, kit);
      assert.ok(
        carried.every(({ entry }) => entry.state === 'applied'),
        told(entriesOf(carried)),
      );
    });

    it('uses every permission that it declares, and no other', async () => {
      const used = new Set<string>();
      const slowly: Arrange = (kit) => {
        kit.world.compute.state.durations.running = 5_000;
        return given.arrange(kit);
      };
      for (const arrange of [given.arrange, slowly, ...(given.also ?? [])]) {
        const recorded = recording((await opened(given, arrange)).kit);
        grantDeclared(recorded.kit, step);
        for (const carried of await carryAll(given, recorded.kit))
          if (step.undoable && carried.entry.state === 'applied') await undoAlone(recorded.kit, carried);
        for (const name of recorded.used()) used.add(name);
      }
      const unseen = Object.keys(given.unseen ?? {});
      assert.deepEqual(undeclared(step, [...used]), [], 'used and not declared');
      assert.deepEqual(
        unused(step, [...used]).filter((name) => !unseen.includes(name)),
        [],
        'declared and not used',
      );
    });

    it('says what cannot be undone where its subject has gone away since', async () => {
      const { kit } = await opened(given, given.arrange);
      await carryAll(given, kit);
      vanish(kit, (await incidentOf(kit, STEP_INCIDENT)).subjects);
      const entries = await releaseStep(kit, step);
      const isSaid = (e: Entry): boolean =>
        e.state === 'undone' || (e.state === 'not-undoable' && e.because !== undefined);
      if (step.undoable) assert.ok(entries.length > 0 && entries.every(isSaid), told(entries));
    });

    it('gives back on release what was there before, or says that it cannot, however long operations take', async () => {
      const { kit } = await opened(given, given.arrange);
      await carryAll(given, kit);
      kit.world.compute.state.durations.running = 5_000;
      const entries = await releaseStep(kit, step);
      const undone = entries.every((e) => e.state === 'undone');
      if (step.undoable)
        assert.ok(undone || entries.every((e) => e.state === 'not-undoable' && e.because !== undefined), told(entries));
      const left = leftOvers(kit).filter((line) => given.leaves?.path.test(line) !== true);
      if (undone) assert.deepEqual(left, []);
    });

    const { stranger } = given;
    if (typeof stranger === 'function') {
      it('says that it is not proven once a stranger has undone it', async () => {
        const { kit } = await opened(given, given.arrange);
        const [carried] = await carryAll(given, kit);
        assert.ok(carried);
        const holds = await verifyAgain(kit, carried);
        assert.equal(holds.proof, 'proven', holds.because);
        await stranger(kit);
        const verified = await verifyAgain(kit, carried);
        assert.equal(verified.proof, 'not proven');
        assert.ok((verified.because ?? '').length > 10);
      });

      it('leaves alone what a stranger changed after it, on a replay and on release', async () => {
        const { kit } = await opened(given, given.arrange);
        const carried = await carryAll(given, kit);
        const since = kit.world.log.entries().length;
        await stranger(kit);
        assert.ok(kit.world.log.entries().length > since, 'the stranger changed nothing');
        for (const { bound, open } of carried) await rewind(kit, bound, open);
        await carryAll(given, kit);
        await releaseStep(kit, step);
        assert.deepEqual(overwritten(kit, since), []);
      });
    }
  });
};
