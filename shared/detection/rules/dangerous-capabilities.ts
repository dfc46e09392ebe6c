import { CAPABILITIES_OF_ROOT } from '../../kubernetes/pod-spec.ts';
import { shownContainer } from '../claim.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

const DANGEROUS = [
  ...CAPABILITIES_OF_ROOT,
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYS_BOOT',
  'DAC_READ_SEARCH',
  'BPF',
  'NET_ADMIN',
];
/** Service meshes add a container with this capability to every pod. */
const COMMON = 'NET_ADMIN';

/** A container with rights of root beyond those that containers have by default. */
export const dangerousCapabilities = podRule({
  id: 'dangerous-capabilities',
  title: 'Dangerous Linux capabilities added',
  sees: `A container that adds one of ${DANGEROUS.join(', ')}: high for ${CAPABILITIES_OF_ROOT.join(', ')}, otherwise medium; ${COMMON} alone at 0.40.`,
  why: 'With these capabilities a container can load code into the kernel, mount the disks of its node, or read and write the memory of other processes.',
  technique: [{ id: 'T1611', name: 'Escape to Host' }],
  severity: 'high',
  confidence: 0.6,
  family: 'spec',
  falsePositives: ['Init containers of service meshes (NET_ADMIN)', 'VPN servers', 'Profilers and security agents'],
  example: 'a container with securityContext: {capabilities: {add: [SYS_ADMIN]}}',
  look: ({ containers }) => {
    const added = containers.flatMap(({ name, capabilities }) =>
      capabilities.filter((one) => DANGEROUS.includes(one)).map((one) => ({ name, one })),
    );
    return sightingFor(
      added.map(({ name, one }) => `${shownContainer(name)} adds the capability ${one}`),
      {
        severity: added.some(({ one }) => CAPABILITIES_OF_ROOT.includes(one)) ? 'high' : 'medium',
        confidence: added.every(({ one }) => one === COMMON) ? 0.4 : 0.6,
      },
    );
  },
});
