import { projectOfNetwork, quarantineRules } from '../../containment/quarantine-rules.ts';
import type { Firewall, FirewallRule } from '../../model/firewall.ts';
import { ofProject, ok, type Verdict, warn } from '../check.ts';
import { networksOf } from '../networks.ts';
import { APPLY } from '../next.ts';

type Facts = { networks: Array<{ network: string; found: Array<Firewall | undefined> }> };

const FIELDS = ['direction', 'action', 'priority', 'ranges', 'protocols', 'targetTags', 'logging'] as const;

const isAs = (wanted: FirewallRule, found: Firewall): boolean =>
  !found.disabled && FIELDS.every((field) => JSON.stringify(found[field]) === JSON.stringify(wanted[field]));

/** Checks the four firewall rules that cut off a node, which Terraform creates beforehand. */
export const quarantine = ofProject<Facts>({
  id: 'quarantine-rules',
  does: "The four firewall rules that cut off a tagged node exist in each cluster's network. contain creates a missing rule when it needs it, which costs time and needs a permission.",
  role: 'roles/compute.networkViewer',
  read: async ({ project }) => {
    const networks = await networksOf(project);
    return {
      networks: await Promise.all(
        networks.map(async (network) => ({
          network,
          found: await Promise.all(
            quarantineRules(network).map(({ name }) =>
              project.firewall({ project: projectOfNetwork(network) ?? project.id, name }),
            ),
          ),
        })),
      ),
    };
  },
  judge: ({ networks }) =>
    networks.flatMap(({ network, found }): Verdict[] => {
      const wrong = quarantineRules(network).flatMap((rule, at) => {
        const one = found[at];
        if (one === undefined) return [warn(network, `has no rule ${rule.name}`, APPLY)];
        return isAs(rule, one) ? [] : [warn(network, `has a rule ${rule.name} that was changed`, APPLY)];
      });
      return wrong.length > 0 ? wrong : [ok(network, 'has the four rules')];
    }),
});
