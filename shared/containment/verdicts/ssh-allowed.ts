import type { EffectiveRule } from '../../model/firewall.ts';

const SSH = 22;
/** TCP by its name, and by its number, which a rule may have instead. */
const TCP = ['tcp', '6'];

/** Whether a rule's protocol, such as `all`, `tcp`, `tcp:22` or `tcp:1-1024`, matches SSH. */
const isSsh = (text: string): boolean => {
  const [protocol = '', ports] = text.split(':');
  if (protocol === 'all' || (TCP.includes(protocol) && ports === undefined)) return true;
  const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(ports ?? '') ?? [];
  return TCP.includes(protocol) && from !== undefined && Number(from) <= SSH && SSH <= Number(to);
};

const concernsSsh = ({ direction, protocols }: EffectiveRule): boolean =>
  direction === 'INGRESS' && protocols.some(isSsh);

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
