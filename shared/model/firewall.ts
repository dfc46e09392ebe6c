/** One firewall rule that applies to an interface. Examples of `protocols`: `all`, `tcp`, `tcp:22`. */
export type EffectiveRule = {
  source: 'hierarchy' | 'system' | 'network-policy' | 'vpc';
  /** The rule's own name; for a rule of a firewall policy, `POLICY#PRIORITY`. */
  name: string;
  direction: 'INGRESS' | 'EGRESS';
  /** `allow`, `deny`, `goto_next`, `apply_security_profile_group`. */
  action: string;
  priority: number;
  targetTags: string[];
  targetServiceAccounts: string[];
  /** Sources of an ingress rule, destinations of an egress rule. Empty if the rule matches only by something else. */
  ranges: string[];
  /** Whether the rule matches by ranges alone, so that `ranges` describes its match completely. */
  byRangesOnly: boolean;
  protocols: string[];
  logging: boolean;
};

/** A VPC firewall rule that Firebreak creates. Its ranges are all IPv4 or all IPv6, never both. */
export type FirewallRule = {
  name: string;
  /** URL of the network; the rule lives in the network's project. */
  network: string;
  direction: 'INGRESS' | 'EGRESS';
  action: 'allow' | 'deny';
  priority: number;
  ranges: string[];
  /** Tags of VMs that an ingress rule takes as sources, in addition to `ranges`. */
  sourceTags?: string[];
  /** `all`, `tcp`, `tcp:22`. */
  protocols: string[];
  targetTags: string[];
  logging: boolean;
  description?: string;
};
export type Firewall = FirewallRule & { id: string; disabled: boolean; createdAt: string };
