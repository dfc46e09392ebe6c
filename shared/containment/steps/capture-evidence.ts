import { z } from 'zod';
import { jsonOf } from '../../json.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { type Revocation, revocation } from '../../model/entry.ts';
import { counted } from '../../text.ts';
import { onControllers } from '../controllers.ts';
import { reasons } from '../entry-states.ts';
import { type Exhibit, type Kept, keepExhibits, lateAfter, missingOf, readKept } from '../evidence.ts';
import { AT_ONCE, PATIENCE_MS, partOf, patienceFor } from '../evidence-time.ts';
import { logExhibits, objectExhibits, POD } from '../exhibits.ts';
import { nodeExhibits, STAYS_VALID } from '../host-exhibits.ts';
import { podByUid } from '../pod.ts';
import type { StepContext, StepOfPodOrNode, SubjectOf } from '../step.ts';

const ID = 'capture-evidence';
const listed = z.looseObject({
  kept: z.array(z.looseObject({ name: z.string(), key: z.string().optional(), again: z.boolean().optional() })),
});
const stays = z.looseObject({ revoke: z.array(revocation) });
type Context = StepContext<SubjectOf<'pod' | 'node'>>;
type PodContext = StepContext<SubjectOf<'pod'>>;

const folderOf = ({ incident, subject }: Context, part = subject.part ?? 'objects'): string =>
  `incidents/${incident.id}/${subject.uid}/${part}`;

const readManifest = async (context: Context, folder: string) => {
  const manifest = await readKept(context, `${folder}/manifest.json`);
  return listed.safeParse(manifest === undefined ? undefined : jsonOf(new TextDecoder().decode(manifest))).data?.kept;
};

/**
 * Tells of an exhibit of the first part whether a second read may succeed. Where the pod was not read, nothing was asked
 * of its identity.
 */
const missedIn = async (context: Context): Promise<(exhibit: Exhibit) => boolean> => {
  const kept = (await readManifest(context, folderOf(context, 'objects'))) ?? [];
  const asked = new Set(kept.map(({ name }) => name));
  const late = new Set(kept.flatMap(({ name, again }) => (again === true ? [name] : [])));
  return ({ name }) => late.has(name) || (late.has(POD) && !asked.has(name));
};

/** What was kept of one part, and the names of those exhibits of the first part that only the second could read. */
type Part = { kept: Kept[]; late: string[] };

const keepLogs = async (
  context: PodContext,
  pod: KubeObject | undefined,
  again: Exhibit[],
  over: Promise<'late'>,
): Promise<Part> => {
  const logs = pod === undefined ? [] : logExhibits(context, pod);
  const kept = await keepExhibits(context.evidence, folderOf(context), [...logs, ...again], over);
  const isKept = new Set(kept.flatMap((one) => ('key' in one ? [one.name] : [])));
  return {
    kept: pod === undefined ? [{ name: 'logs', missing: 'the pod could not be read' }, ...kept] : kept,
    late: again.flatMap(({ name }) => (isKept.has(name) ? [name] : [])),
  };
};

const keepOfPod = async (context: PodContext, over: Promise<'late'>): Promise<Part> => {
  const { part } = context.subject;
  const reading = podByUid(context, context.subject.pod);
  const missed = part === 'logs' ? missedIn(context) : undefined;
  const answer = await Promise.race([reading.catch(() => undefined), over]);
  const pod = answer === 'late' ? undefined : answer;
  const objects = objectExhibits(context, pod, () => reading);
  if (missed !== undefined) return keepLogs(context, pod, objects.filter(await missed), over);
  return { kept: await keepExhibits(context.evidence, folderOf(context), objects, over), late: [] };
};

const keep = async (context: Context): Promise<Part> => {
  const { subject, evidence } = context;
  const over = lateAfter(context, patienceFor(context.entry, context.journal()));
  if (subject.scope === 'pod') return keepOfPod({ ...context, subject }, over);
  return {
    kept: await keepExhibits(evidence, folderOf(context), nodeExhibits({ ...context, subject }), over),
    late: [],
  };
};

/** The rights that stay valid, read from the kept exhibit, so that journal and evidence agree also after a repeat. */
const revocationsOf = async (context: Context, late: readonly string[]): Promise<Revocation[]> => {
  if (context.subject.part === 'logs' && !late.includes(STAYS_VALID)) return [];
  const body = await readKept(context, `${folderOf(context)}/${STAYS_VALID}`);
  if (body === undefined) return [];
  // It may be of an earlier version: that must not keep the step, or those that wait for it, from going on.
  const read = stays.safeParse(jsonOf(new TextDecoder().decode(body)));
  return read.data?.revoke ?? [];
};

/**
 * Keeps what a later change would destroy, with a SHA-256 manifest, and never overwrites. The step never fails
 * containment, nor delays it beyond its time: what could not be kept is named in the record.
 */
export const captureEvidence: StepOfPodOrNode = {
  id: ID,
  scope: 'pod',
  bareNodes: true,
  does: 'Keeps the pod, its owners, events, node and VM, effective firewalls, the rights of its identities, and container logs, with a manifest of hashes; what did not answer the first part, or not in time, the second asks for again; of a node without a pod of the incident, what is known of the node itself, and which pods run there.',
  journal: 'incident',
  undoable: false,
  pace: 'alongside',
  atOnce: (subject) => AT_ONCE[partOf(subject)],
  permissions: {
    iam: [
      'storage.objects.create',
      'storage.objects.get',
      'compute.instances.get',
      'compute.instances.getEffectiveFirewalls',
      'compute.networks.get',
    ],
    rbac: [
      { group: '', resource: 'pods', verbs: ['get', 'list'] },
      { group: '', resource: 'pods/log', verbs: ['get'] },
      { group: '', resource: 'nodes', verbs: ['get'] },
      { group: '', resource: 'events', verbs: ['list'] },
      { group: '', resource: 'serviceaccounts', verbs: ['get'] },
      { group: 'rbac.authorization.k8s.io', resource: 'rolebindings', verbs: ['list'] },
      { group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', verbs: ['list'] },
      ...onControllers('get'),
    ],
  },

  capture: async () => ({ outcome: 'captured', before: {} }),

  apply: async (context) => {
    const { kept, late } = await keep(context);
    const manifest = {
      incident: context.incident.id,
      subject: context.subject.subject,
      uid: context.subject.uid,
      at: new Date(context.now()).toISOString(),
      kept,
    };
    const [[put], revoke] = await Promise.all([
      keepExhibits(
        context.evidence,
        folderOf(context),
        [{ name: 'manifest.json', read: async () => manifest }],
        lateAfter(context, PATIENCE_MS.objects),
      ),
      revocationsOf(context, late),
    ]);
    const count = kept.filter((k) => 'key' in k).length;
    const read = late.length === 0 ? undefined : `read late: ${late.join(', ')}`;
    const unwritten = put === undefined ? undefined : missingOf([put]);
    const because = reasons(`${counted(count, 'exhibit')} kept`, read, missingOf(kept), unwritten);
    return { outcome: 'applied', ...because, ...(revoke.length === 0 ? {} : { revoke }) };
  },

  verify: async (context) => {
    const kept = await readManifest(context, folderOf(context));
    if (kept === undefined) return { proof: 'not proven', because: 'the manifest could not be read back' };
    const isWanted = (name: string): boolean => context.subject.part !== 'logs' || name.endsWith('.log');
    return kept.some(({ key, name }) => key !== undefined && isWanted(name))
      ? { proof: 'proven' }
      : { proof: 'not proven', because: 'none of it could be kept' };
  },

  undo: async () => ({ outcome: 'not-undoable', because: 'evidence is kept' }),
};
