import { makeContain } from '../../functions/contain/handler.ts';
import { makeDecide } from '../../functions/decide/handler.ts';
import { makeDetectCryptomining } from '../../functions/detect-cryptomining/handler.ts';
import { makeOperate } from '../../functions/operate/handler.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { capOf } from '../../shared/decision/cap.ts';
import { DEFAULT_POLICY, type Policy } from '../../shared/decision/policy.ts';
import { makeDetector } from '../../shared/detection/detector.ts';
import { RULES } from '../../shared/detection/registry.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Malformed } from '../../shared/errors.ts';
import type { Tier, Topic } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { msOf, type Time, timeOf } from '../../shared/model/time.ts';
import type { IdentityVerifier } from '../../shared/ports.ts';
import { openMemoryStores } from '../../shared/store/memory.ts';
import { containmentKit, type Kit, playKiller } from '../kit/containment.ts';
import { worldClusters } from '../kit/world-clusters.ts';
import { type Attempt, type Manners, type SimulatedBus, simulatedBus } from './bus.ts';
import { chanceOf } from './chance.ts';
import { CALM, keepsLeases, type Outage, processOf, type Rights, type Trouble } from './process.ts';
import { restorableOf, type Traits } from './restorable.ts';
import { scriptTrouble } from './script.ts';
import { skewsOf } from './skew.ts';
import { type Seen, watch } from './watch.ts';
import { noteNotice } from './watch-asks.ts';

/**
 * The whole of Firebreak in one process for one seed: real handlers and a real run, everything around them simulated.
 */
export type Stage = Kit & {
  bus: SimulatedBus;
  /** The policy at the beginning of the play. */
  policy: Policy;
  /** Puts another policy in force for processes that start from now on. `allows`: the most that this policy allows. */
  deploy(policy: Policy, allows: { most: Tier; dry: boolean }): void;
  /** Whether this stage verifies the identities of operators. */
  verifies: boolean;
  seen: Seen;
  /** The rights of the processes of contain. */
  rights: Rights;
  /** What no process of decide, operate and contain can reach. */
  outage: Outage;
  /** Whether calls to the cloud are denied or refused at random. */
  denies: boolean;
  /** Whether the clocks of processes jump, or differ. */
  jumps: boolean;
  /** What a release must restore, as it was at the beginning of the play. */
  before: ReadonlyMap<string, Traits>;
  /** Alerts of the play: the messages that opened and closed each, and the findings that would follow from it. */
  alerts: Array<{ opens: string[]; closes: string[]; findings: string[] }>;
  /** When all trouble is over: five minutes after `calm()`. In the far future until `calm()` is called. */
  calmAt: Time;
  /** From now on nothing goes wrong any more. */
  calm(): void;
};

const FAR_MS = Date.UTC(2100, 0);

type Handler = (envelope: Envelope) => Promise<void>;

/** Plants a fault in the ports of the handlers, to test the simulation itself. */
export type Plant = (kit: Kit) => Kit['ports'];

const rules = new Map(RULES.map((rule) => [rule.id, rule]));
const detector = makeDetector();

/** Half of the stages verify operators, and require another operator for isolate and delete-workload. */
const policyOf = (seed: number): { policy: Policy; verifies: boolean } => {
  const verifies = chanceOf(seed, 'policy').happens(0.5);
  const { operators } = DEFAULT_POLICY;
  return {
    verifies,
    policy: {
      ...DEFAULT_POLICY,
      mode: 'act',
      operators: verifies
        ? { ...operators, domains: ['example.com'], another: ['isolate', 'delete-workload'] }
        : operators,
    },
  };
};

/** Accepts tokens of the form `of EMAIL` and refuses all others. */
const verifier: IdentityVerifier = {
  verify: async (idToken) => {
    if (!idToken.startsWith('of ')) throw new Malformed('the ID token is not accepted');
    const email = idToken.slice(3);
    return { email, domain: email.slice(email.lastIndexOf('@') + 1) };
  },
};

/** Sets the stage for a seed. The same seed and trouble give the same play. */
export const setStage = (seed: number, trouble: Trouble, manners: Manners, plant?: Plant): Stage => {
  const kit = containmentKit(seed);
  playKiller(kit);
  const before = restorableOf(kit);
  let now = trouble;
  let inForce = policyOf(seed).policy;
  const { policy, verifies } = policyOf(seed);
  const { seen, stores } = watch(kit);
  const planted = plant === undefined ? kit.ports : plant(kit);
  const ports = { ...planted, stores };
  const reading = { ...ports, clusters: worldClusters(kit.world, 'firebreak-decide') };
  const memory = openMemoryStores({ raw: makeMemoryStore(kit.clock), clock: kit.clock });
  const operator = verifies ? { verifier } : {};
  const scripted = scriptTrouble(kit, chanceOf(seed, 'cloud'), chanceOf(seed, 'slow'), trouble);
  const rights: Rights = {};
  const outage: Outage = {};
  const skews = skewsOf(seed);
  let processes = 0;

  const start = (topic: Topic, envelope: Envelope) => {
    processes += 1;
    const chance = chanceOf(seed, `process ${processes}`);
    const current = inForce;
    const shared = { bus, policy: current, policyHash: 'simulated' };
    const play = <T extends Pick<Kit['ports'], 'clock'>>(given: T, handlerOf: (given: T) => Handler) => {
      const process = processOf(given, now, chance, {
        ...(topic === 'containment' ? { rights } : {}),
        outage,
        skew: skews.of(topic),
      });
      return { run: handlerOf(process.ports)(envelope), hasDied: process.hasDied };
    };
    const owner = `contain-${processes}`;
    const noteLease = (): void => {
      for (const { id, lease } of seen.incidents.values())
        if (lease?.owner === owner && !seen.outlasted.has(id) && msOf(lease.until) > kit.clock.now())
          seen.leased.push(`${id} at ${lease.until}`);
    };
    const noted = (attempt: Attempt): Attempt =>
      keepsLeases(trouble) ? { ...attempt, run: attempt.run.finally(noteLease) } : attempt;
    switch (topic) {
      case 'cpu':
        return play({ bus, clock: ports.clock, log: ports.log, memory, detector }, makeDetectCryptomining);
      case 'findings':
        return play({ ...reading, ...shared, rules }, makeDecide);
      case 'requests':
      case 'tick':
      case 'dead-letters':
        return play({ ...reading, ...shared, ...operator }, makeOperate);
      case 'containment':
        return noted(
          play(
            {
              ...ports,
              bus,
              budgets: current.budgets,
              owner,
              capOf: (i: Incident) => capOf(current, i, kit.clock.now()),
            },
            makeContain,
          ),
        );
      default:
        return undefined;
    }
  };
  const wire = simulatedBus(kit.clock, chanceOf(seed, 'bus'), manners, start);
  const bus: SimulatedBus = {
    ...wire,
    publish: async (topic, body, attributes) => {
      if (topic === 'notices') noteNotice(seen, body);
      const id = await wire.publish(topic, body, attributes);
      if (topic === 'requests') seen.requests.set(id, Object(body));
      return id;
    },
  };
  return {
    ...kit,
    ports: { ...kit.ports, bus },
    bus,
    policy,
    deploy: (next, allows) => {
      const from = kit.clock.now();
      const last = seen.policies.at(-1);
      if (last !== undefined) last.to = from;
      seen.policies.push({ ...allows, from, to: Number.POSITIVE_INFINITY });
      inForce = next;
    },
    verifies,
    seen,
    rights,
    outage,
    denies: trouble.denied > 0,
    jumps: trouble.jump > 0 || skews.isSkewed,
    before,
    alerts: [],
    calmAt: timeOf(FAR_MS),
    calm(): void {
      // Operations that were sent just before may take a while.
      this.calmAt = timeOf(kit.clock.now() + 5 * 60_000);
      now = CALM;
      scripted.clear();
      bus.calm();
    },
  };
};
