import { accountProject } from '../deployment.ts';
import { clusterOf, type Target } from '../model/target.ts';

/**
 * Commands for a person to investigate a target that Firebreak never acts on by itself: a cluster, a project, a
 * principal. Every name was checked against its grammar when the target was read, and no grammar allows a double quote
 * or a space.
 */
export const commandsFor = (target: Target): string[] => {
  const { project, principal } = target;
  const cluster = clusterOf(target);
  const account = principal?.endsWith('.gserviceaccount.com') === true;
  return [
    ...(principal === undefined
      ? []
      : [
          `gcloud logging read ${quoted(`protoPayload.authenticationInfo.principalEmail="${principal}"`)} --project '${project}' --freshness 1d`,
        ]),
    ...(account
      ? [`gcloud iam service-accounts disable ${quoted(principal)} --project '${accountProject(principal) ?? project}'`]
      : []),
    ...(cluster === undefined
      ? [`gcloud projects get-iam-policy '${project}'`]
      : [
          `gcloud container clusters get-credentials '${cluster.cluster}' --location '${cluster.location}' --project '${project}'`,
          'kubectl get clusterrolebindings,rolebindings --all-namespaces -o wide',
          ...(principal === undefined ? [] : [`kubectl auth can-i --list --as ${quoted(principal)}`]),
        ]),
  ];
};

/** A word quoted for the shell. The name of a person may contain an apostrophe. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
