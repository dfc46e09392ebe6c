import type { EffectiveRule } from '../../model/firewall.ts';

const concernsSsh = ({ direction, protocols }: EffectiveRule): boolean =>
  direction === 'INGRESS' && protocols.some((p) => p === 'all' || p === 'tcp' || p === 'tcp:22');

/**
 * Why SSH may not get through to an interface, in sentences; empty where it does. `rules` are in the order in which the
 * first match decides: one of ours must be there, and no deny may come before it.
 */
export const sshDoubts = (rules: readonly EffectiveRule[], nic: string, names: ReadonlySet<string>): string[] => {
  const ssh = rules.filter(concernsSsh);
  const ours = ssh.findIndex((rule) => rule.source === 'vpc' && names.has(rule.name) && rule.action === 'allow');
  if (ours < 0) return [`no rule of ours allows SSH on ${nic}`];
  return ssh
    .slice(0, ours)
    .filter((rule) => rule.action === 'deny')
    .map((rule) => `${rule.source} rule ${rule.name} denies SSH on ${nic} before ours`);
};
