import type { StepId } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { hostsOf } from '../../shared/model/subject.ts';
import { type Invariant, strangerCordoned } from './ended.ts';
import { OUT_OF_REACH } from './process.ts';

const UNFINISHED = ['applying', 'pending'];

/** 5: every goal is reached and no entry is left unfinished, except entries held by a halt that nobody lifted. */
const reached: Invariant = ({ stage, incidents }) => {
  const isHalted = stage.seen.halts.at(-1)?.to === Number.POSITIVE_INFINITY;
  return incidents.flatMap((i) =>
    isHalted && i.held !== undefined
      ? []
      : [
          ...(i.goal !== null && i.goal.rev !== i.run.rev
            ? [`5: ${i.id} never reached its goal ${i.goal.tier} (${i.run.rev} of ${i.goal.rev})`]
            : []),
          ...i.journal
            .filter((e) => UNFINISHED.includes(e.state))
            .map((e) => `5: ${i.id} ${e.step} ${e.subject} stays ${e.state}`),
        ],
  );
};

const IN_FORCE = ['applied', 'applying', 'pending', 'held', 'failed'];

/**
 * Instance ids and node UIDs on which incidents hold a step: every host on which an open incident has any entry,
 * whoever made the change, and every host on which a closed incident left this step. A host without an entry is not
 * held.
 */
const heldBy = (incidents: readonly Incident[], step: StepId): Set<string> =>
  new Set(
    incidents
      .filter((i) => i.state !== 'released')
      .flatMap((i) => {
        const done = i.journal.filter((e) => IN_FORCE.includes(e.state) && (i.state !== 'closed' || e.step === step));
        const uids = new Set(done.map((e) => e.uid));
        const hosts = i.subjects.flatMap(hostsOf).filter(({ id }) => uids.has(id));
        return hosts.flatMap(({ id, nodeUid }) => [id, nodeUid]);
      }),
  );

/**
 * 5, 9: a node stays cordoned, tagged or opened only while an incident holds it so. After the last release nothing is
 * left.
 */
const restored: Invariant = ({ stage, incidents }) => {
  const [cordoned, cut, opened] = (['cordon-node', 'deny-node-network', 'open-investigation-access'] as const).map(
    (step) => heldBy(incidents, step),
  );
  const nodes = stage.cluster.list('v1', 'Node').flatMap((node) => {
    const left =
      node.spec?.unschedulable === true &&
      cordoned?.has(node.metadata.uid) !== true &&
      !strangerCordoned(stage, node.metadata.uid);
    return left ? [`5: node ${node.metadata.name} is still cordoned, but no incident holds it`] : [];
  });
  // A release gives up a step that is denied for longer than 15 minutes, and records that.
  const vms = stage.rights.long === true ? [] : [...stage.world.compute.state.instances.values()];
  const machines = vms.flatMap((vm) => {
    const has = (tag: string): boolean => vm.tags.items?.includes(tag) === true;
    return [
      ...(has('firebreak-quarantine') && cut?.has(vm.id) !== true
        ? [`5: VM ${vm.name} is still cut off, but no incident holds it`]
        : []),
      ...(has('firebreak-investigate') && opened?.has(vm.id) !== true
        ? [`5: VM ${vm.name} is still open for investigation, but no incident holds it`]
        : []),
    ];
  });
  return [...nodes, ...machines];
};

/**
 * 6: every accepted message ended, and none became a dead letter, because all trouble ends long before the last try.
 * What is out of reach for an hour leaves dead letters, each with a record.
 */
const accounted: Invariant = ({ stage, dead: known }) => {
  const { published, acknowledged, malformed, dead } = stage.bus.counts();
  const open = stage.bus.outstanding();
  return [
    ...(open > 0 ? [`6: ${open} messages are still outstanding`] : []),
    ...(published === acknowledged + malformed + dead + open
      ? []
      : [`6: ${published} published, ${acknowledged} acknowledged, ${malformed} malformed, ${dead} dead`]),
    ...(malformed > 0 ? [`6: ${malformed} of our own messages were malformed`] : []),
    ...new Set(
      stage.bus.deadLetters
        .filter(({ because }) => stage.outage.ever !== true || !because.endsWith(OUT_OF_REACH))
        .map(({ topic, because }) => `6: a message of ${topic} was given up: ${because}`),
    ),
    ...(dead <= known.length ? [] : [`6: ${dead} messages were given up, but ${known.length} are recorded`]),
  ];
};

/** 6: every notice has been published, and a notice marked as published really was. */
const told: Invariant = ({ stage, incidents }) =>
  incidents.flatMap(({ id, outbox, published }) => [
    ...outbox
      .filter(({ seq }) => !stage.seen.told.has(`${id} ${seq}`))
      .map(({ seq, title }) => `6: notice ${seq} of ${id} was never published: ${title}`),
    ...outbox
      .slice(-1)
      .flatMap(({ seq }) =>
        published.notices > seq ? [] : [`6: ${id} has not recorded that notice ${seq} was published`],
      ),
  ]);

/** What must hold when a play has ended. */
export const ENDINGS: readonly Invariant[] = [reached, restored, accounted, told];
