import { quote } from '../../text.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

/** A folder with the settings of Git, in which a repository brings programs that Git itself runs. */
const SETTINGS = /(?:^|\/)\.git(?:\/|$)/i;
/** A folder of the node, or a command, instead of a repository elsewhere. */
const LOCAL = /^(?:[/.]|file:|ext::)/i;
const EXPLOITS = { severity: 'high', confidence: 0.85 } as const;

/** A workload that makes the kubelet of its node run Git. */
export const gitRepoVolume = podRule({
  id: 'git-repo-volume',
  title: 'Volume cloned from a Git repository',
  sees: 'A gitRepo volume in a pod or a pod template (medium 0.55); one that clones a folder of the node, or into the settings of Git (high 0.85).',
  why: 'The kubelet clones the repository as root on the node, outside of any container. By the settings of Git it runs programs that the repository brings (CVE-2024-10220), and from a folder of the node it copies what belongs to other pods (CVE-2025-1767).',
  technique: [
    { id: 'T1611', name: 'Escape to Host' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'high',
  confidence: 0.85,
  family: 'spec',
  falsePositives: ['Workloads from before 2018: Kubernetes advises against such volumes since then'],
  example: 'a pod with the volume {gitRepo: {repository: "https://git.example.com/x.git", directory: "x/.git"}}',
  look: ({ gitRepos }) => {
    if (gitRepos.length === 0) return undefined;
    const exploits = gitRepos.some(
      ({ repository, directory }) => LOCAL.test(repository) || SETTINGS.test(directory ?? ''),
    );
    return sightingFor(
      gitRepos.map(({ repository, directory }) => {
        const into = directory === undefined ? '' : ` into ${quote(directory, 200)}`;
        return `its node clones ${quote(repository, 300)}${into}`;
      }),
      exploits ? EXPLOITS : { severity: 'medium', confidence: 0.55 },
    );
  },
});
