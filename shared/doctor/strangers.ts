import { EVERYONE, removeFromProject } from './bindings.ts';
import { fail, type Verdict, warn } from './check.ts';
import { command } from './next.ts';
import type { Binding } from './readers.ts';

const PUBLISHING = ['roles/pubsub.publisher', 'roles/pubsub.editor', 'roles/pubsub.admin'];
/** Roles on a project that let their members publish to all of its topics, and that are not for administrators. */
const PUBLISHING_EVERYWHERE = ['roles/pubsub.publisher', 'roles/pubsub.editor', 'roles/editor'];
/** Google's own agent that creates VMs and other resources. It is an editor of every project, and nobody acts as it. */
const GOOGLE_APIS = /^serviceAccount:\d+@cloudservices\.gserviceaccount\.com$/;

/**
 * Reports whoever may publish to a topic and is not meant to, by `isMeant`, each with the command that takes the right
 * away. Everybody is never meant.
 */
export const strangersOf = (
  { project, topic, bindings }: { project: string; topic: string; bindings: readonly Binding[] },
  isMeant: (member: string) => boolean,
): Verdict[] =>
  bindings
    .filter(({ role }) => PUBLISHING.includes(role))
    .flatMap(({ role, members }) => members.map((member) => ({ role, member })))
    .filter(({ member }) => EVERYONE.includes(member) || !isMeant(member))
    .map(({ role, member }) => {
      const at = [topic, `--project=${project}`, `--member=${member}`, `--role=${role}`];
      const remove = command('gcloud', 'pubsub', 'topics', 'remove-iam-policy-binding', ...at);
      return EVERYONE.includes(member)
        ? fail(topic, `lets ${member} publish, so anyone can forge its messages`, remove)
        : warn(topic, `lets ${member} publish, which is none of those that do`, remove);
    });

/**
 * Reports whoever may publish to every topic by a role on the project, such as the default account of VMs, which is
 * often an editor. The functions' own accounts, `ours`, are judged by all of their permissions elsewhere.
 */
export const strangersEverywhere = (
  project: string,
  bindings: readonly Binding[],
  ours: ReadonlySet<string>,
): Verdict[] =>
  bindings
    .filter(({ role }) => PUBLISHING_EVERYWHERE.includes(role))
    .flatMap((binding) => binding.members.map((member) => ({ member, binding })))
    .filter(({ member }) => !ours.has(member) && !GOOGLE_APIS.test(member))
    .map(({ member, binding }) =>
      warn(
        project,
        `lets ${member} publish to every topic, by ${binding.role}: requests, findings and audit log entries can be forged`,
        removeFromProject(project, member, binding),
      ),
    );
