import type { KubeObject } from './object.ts';

/** The id of the VM that GKE registered a Node for, from its annotation; undefined where it has none. */
export const instanceIdOf = ({ metadata }: KubeObject): string | undefined =>
  metadata.annotations?.['container.googleapis.com/instance_id'];

/** Whether an id is that of this Node: its UID, or the instance id of its VM. */
export const isNodeOf = (node: KubeObject, id: string): boolean =>
  node.metadata.uid === id || instanceIdOf(node) === id;
