import { z } from 'zod';
import * as grammar from '../kubernetes/names.ts';

const named = (what: string, is: (text: string) => boolean) =>
  z
    .string()
    .max(512)
    .refine(is, { message: `not a valid ${what}` });

/**
 * What a finding or a request is about, in names that passed the platform's own grammar: nothing else may reach a
 * URL, a selector or a command. Strict: an unknown field is an error, since people write it too.
 */
export const target = z.strictObject({
  project: named('project id', grammar.isProjectId),
  location: named('location', grammar.isLocation).optional(),
  cluster: named('cluster name', grammar.isClusterName).optional(),
  namespace: named('namespace', grammar.isLabelName).optional(),
  pod: named('pod name', grammar.isSubdomain).optional(),
  workload: z
    .strictObject({
      kind: named('kind, such as Deployment', grammar.isKind),
      name: named('workload name', grammar.isSubdomain),
    })
    .optional(),
  node: named('node name', grammar.isSubdomain).optional(),
  instance: named('instance id, which is a number', grammar.isInstanceId).optional(),
  principal: z
    .string()
    .min(1)
    .max(grammar.MAX_PRINCIPAL)
    .refine(grammar.isPrincipal, { message: 'not a valid principal' })
    .optional(),
  uid: named('uid', grammar.isUid).optional(),
});
export type Target = z.infer<typeof target>;

/** The identity of a cluster: project, location and name, never the name alone. */
export type ClusterRef = { project: string; location: string; cluster: string };

/** `project/location/cluster`, for messages and keys. */
export const clusterName = ({ project, location, cluster }: ClusterRef): string => `${project}/${location}/${cluster}`;

/** The cluster that a target names, or undefined where it names none. */
export const clusterOf = (t: Target): ClusterRef | undefined =>
  t.location === undefined || t.cluster === undefined
    ? undefined
    : { project: t.project, location: t.location, cluster: t.cluster };

/** Whether two targets name the same cluster. */
export const sameCluster = (a: ClusterRef, b: ClusterRef): boolean =>
  a.project === b.project && a.location === b.location && a.cluster === b.cluster;
