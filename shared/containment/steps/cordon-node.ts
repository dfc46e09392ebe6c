import { z } from 'zod';
import { isNodeOf } from '../../kubernetes/instance-id.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { reasons } from '../entry-states.ts';
import { managedNode } from '../host.ts';
import { annotationOf, readImage, sameObject } from '../image.ts';
import { hasRoomFor, marked, markedBefore, markOn, unmarked } from '../mark-on.ts';
import { markKey, SCALE_DOWN_DISABLED } from '../marks.ts';
import { changedMeanwhile } from '../meanwhile.ts';
import { goneNode, nodeByUid, nodeRef } from '../node.ts';
import { nothingLeft, notOurs } from '../nothing-left.ts';
import type { StepContext, StepOf, SubjectOf } from '../step.ts';

const ID = 'cordon-node';
const MARK = markKey(ID);
const image = z.object({ unschedulable: z.boolean(), scaleDown: z.string().nullable() });
/** Whoever may write the Node, as its own kubelet may, can fill its annotations. */
const UNKEPT =
  'others fill or change its annotations, so that of the cluster autoscaler is not set, which may remove the node';
type Context = StepContext<SubjectOf<'node'>>;

const ref = ({ subject }: Context) => nodeRef(subject.host);
const isCordoned = (node: KubeObject): boolean => node.spec?.unschedulable === true;
const imageIn = (node: KubeObject): z.infer<typeof image> => ({
  unschedulable: isCordoned(node),
  scaleDown: annotationOf(node, SCALE_DOWN_DISABLED) ?? null,
});

const nodeOf = (context: Context) => nodeByUid(context, context.subject.host);

/**
 * The Node to take the cordon back from. The same VM may have registered again since, and another incident that holds
 * it may have cordoned that Node: our mark on it names the VM.
 */
const cordonedNode = async (context: Context): Promise<KubeObject | undefined> => {
  const { subject, mark } = context;
  const node = await context.read.get(nodeRef(subject.host));
  if (node === undefined || node.metadata.uid === subject.host.nodeUid) return node;
  return markOn(node, MARK) === mark && isNodeOf(node, subject.host.id) ? node : undefined;
};

const gone = ({ subject }: Context) => goneNode(subject.host);

/**
 * Keeps new pods off the node, and keeps the autoscaler from removing it with its evidence. A cordon that somebody else
 * set stays and is never lifted by us: then only the autoscaler annotation is ours.
 */
export const cordonNode: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Marks the node unschedulable and keeps the cluster autoscaler from removing it.',
  journal: 'host',
  undoable: true,
  pace: 'ahead',
  atOnce: () => 10,
  permissions: { iam: ['container.clusters.get'], rbac: [{ group: '', resource: 'nodes', verbs: ['get', 'patch'] }] },

  // A cordon that is there now may be ours. One that somebody else had set and has lifted since is not set again.
  refresh: (before, now) => {
    const [was, is] = [readImage(image, before, ID), readImage(image, now, ID)];
    return { ...was, unschedulable: was.unschedulable && is.unschedulable };
  },

  capture: async (context) => {
    const managed = await managedNode(context);
    if (managed !== undefined) return managed;
    const node = await nodeOf(context);
    if (node === undefined) return { outcome: 'gone', because: gone(context) };
    // Ours, from before its VM was made again for the same Node. It must not become what a release restores.
    const mark = markOn(node, MARK);
    const ours = mark === context.mark ? undefined : await context.imageOf(ID, mark);
    if (ours !== undefined) {
      const was = readImage(image, ours, ID);
      return { outcome: 'captured', before: { ...was, unschedulable: isCordoned(node) && was.unschedulable } };
    }
    const before = imageIn(node);
    if (before.unschedulable && before.scaleDown === 'true')
      return {
        outcome: 'already',
        because: 'the node was already cordoned by someone else: a release will not uncordon it',
      };
    return { outcome: 'captured', before, ...markedBefore(node, MARK, context.mark) };
  },

  apply: async (context, before) => {
    const was = readImage(image, before, ID);
    const node = await nodeOf(context);
    if (node === undefined) return { outcome: 'gone', because: gone(context) };
    if (markOn(node, MARK) === context.mark && (isCordoned(node) || context.entry.anew !== true))
      return isCordoned(node)
        ? { outcome: 'applied' }
        : { outcome: 'applied', because: 'someone uncordoned the node after us; that is left as it is' };
    const newer = await changedMeanwhile(context, markOn(node, MARK), before, imageIn(node), () =>
      cordonNode.capture(context),
    );
    if (newer !== undefined) return newer;
    const { annotations, labels } = marked(context, node, MARK, context.mark);
    const mark = labels === undefined ? { [MARK]: context.mark } : {};
    const isKept = !context.insists && hasRoomFor(node, { ...mark, [SCALE_DOWN_DISABLED]: 'true' });
    await context.write.patch(ref(context), {
      type: 'merge',
      body: {
        metadata: {
          ...sameObject(context, node),
          annotations: { ...annotations, ...(isKept ? { [SCALE_DOWN_DISABLED]: 'true' } : {}) },
          ...(labels === undefined ? {} : { labels }),
        },
        spec: { unschedulable: true },
      },
    });
    const theirs = 'the node was already cordoned by someone else; only the autoscaler annotation is ours';
    return {
      outcome: 'applied',
      ...reasons(was.unschedulable && isKept ? theirs : undefined, isKept ? undefined : UNKEPT),
    };
  },

  verify: async (context) => {
    const node = await nodeOf(context);
    if (node === undefined) return { proof: 'not proven', because: gone(context) };
    return isCordoned(node) ? { proof: 'proven' } : { proof: 'not proven', because: 'the node is schedulable again' };
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const node = await cordonedNode(context);
    if (node === undefined) return nothingLeft(gone(context));
    if (markOn(node, MARK) !== context.mark) return notOurs('the node');
    // Another value is somebody else's by now.
    const scaleDown =
      annotationOf(node, SCALE_DOWN_DISABLED) === 'true' ? { [SCALE_DOWN_DISABLED]: was.scaleDown } : {};
    const unmarks = unmarked(node, MARK);
    await context.write.patch(ref(context), {
      type: 'merge',
      body: {
        metadata: { ...sameObject(context, node), ...unmarks, annotations: { ...unmarks.annotations, ...scaleDown } },
        ...(was.unschedulable || !isCordoned(node) ? {} : { spec: { unschedulable: null } }),
      },
    });
    return was.unschedulable
      ? { outcome: 'undone', because: 'the cordon was someone else’s and stays' }
      : { outcome: 'undone' };
  },
};
