import { strict as assert } from 'node:assert';
import type { Step, Undone, Verified } from '../../shared/containment/step.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Entry, EntryState } from '../../shared/model/entry.ts';
import type { PodSubject, Subject } from '../../shared/model/subject.ts';
import type { Target } from '../../shared/model/target.ts';
import { openIncident } from './containment.ts';
import { type OpenSite, type Site, siteObject, sitePod, siteSubjects } from './site.ts';
import { carry, type Part, STEP_INCIDENT, undoAlone, verifyAgain } from './step.ts';

/** A site with an incident on a subject, for trying single steps. */
export type Trial = {
  site: Site;
  subjects: Subject[];
  /**
   * Carries out a step on each of its subjects, lets the controllers act, and resolves with the entry of the first
   * subject.
   */
  apply(step: Step, part?: Part): Promise<Entry>;
  /** The same, and asserts the entry's state, and its reason if one is given. */
  expect(step: Step, state: EntryState, because?: RegExp, part?: Part): Promise<Entry>;
  verify(step: Step): Promise<Verified>;
  undo(step: Step): Promise<Undone>;
};

/**
 * The subject of an incident: a pod by the start of its name (`beside`: the one on the same node as another), a
 * controller, or the node of a pod.
 */
export type On =
  | { space?: string; pod: string; beside?: string }
  | { space?: string; workload: NonNullable<Target['workload']> }
  | { space?: string; nodeOf: string };

/** Opens a site and an incident in it; `before` prepares the site. */
const openTrial = async (open: OpenSite, on: On, before?: (site: Site) => Promise<void>): Promise<Trial> => {
  const site = await open();
  try {
    return await begun(site, on, before);
  } catch (thrown) {
    await site.stop();
    throw thrown;
  }
};

const namedBy = async (site: Site, space: string, on: On): Promise<Partial<Target>> => {
  if ('workload' in on) return { workload: on.workload };
  if ('pod' in on) return { pod: (await sitePod(site, space, on.pod, on.beside)).metadata.name };
  return { node: String((await sitePod(site, space, on.nodeOf)).spec?.nodeName) };
};

const begun = async (site: Site, on: On, before?: (site: Site) => Promise<void>): Promise<Trial> => {
  const space = on.space ?? 'shop';
  await before?.(site);
  await site.play();
  const subjects = await siteSubjects(site, space, await namedBy(site, space, on));
  await openIncident(site.bench, STEP_INCIDENT, subjects, 'isolate');

  const first = async (step: Step, part?: Part) => {
    const [carried] = await carry(site.bench, step, part);
    assert.ok(carried, `${step.id} has no subject`);
    await site.play();
    return carried;
  };
  const last = new Map<Step, Awaited<ReturnType<typeof first>>>();
  const carriedOf = (step: Step) => {
    const carried = last.get(step);
    assert.ok(carried, `${step.id} was not carried out`);
    return carried;
  };
  const apply = async (step: Step, part?: Part): Promise<Entry> => {
    const carried = await first(step, part);
    last.set(step, carried);
    return carried.entry;
  };
  return {
    site,
    subjects,
    apply,
    expect: async (step, state, because, part) => {
      const entry = await apply(step, part);
      assert.equal(entry.state, state, `${step.id}: ${entry.because}`);
      if (because !== undefined) assert.match(entry.because ?? '', because);
      return entry;
    },
    verify: (step) => verifyAgain(site.bench, carriedOf(step)),
    undo: async (step) => {
      const undone = await undoAlone(site.bench, carriedOf(step));
      await site.play();
      return undone;
    },
  };
};

/** The pod that a trial's incident is about. */
export const trialPod = ({ subjects }: Trial): PodSubject => {
  const found = subjects.find((s) => s.kind === 'pod');
  assert.ok(found?.kind === 'pod', 'the incident has no pod');
  return found;
};

/** The current node object of that pod. */
export const trialNode = (trial: Trial): Promise<KubeObject> =>
  siteObject(trial.site, 'v1', 'Node', undefined, trialPod(trial).host?.node ?? '');

/** Opens trials for a suite, and stops each site after its test. */
export const trialsOn = (open: OpenSite): ((on: On, before?: (site: Site) => Promise<void>) => Promise<Trial>) => {
  const opened: Site[] = [];
  afterEach(async () => {
    for (const site of opened.splice(0)) await site.stop();
  });
  return async (on, before) => {
    const trial = await openTrial(open, on, before);
    opened.push(trial.site);
    return trial;
  };
};
