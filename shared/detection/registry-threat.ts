import type { ThreatRule } from './rule.ts';
import { falcoAlert } from './rules/falco-alert.ts';
import { falcoContainerEscape } from './rules/falco-container-escape.ts';
import { falcoCredentialAccess } from './rules/falco-credential-access.ts';
import { falcoCryptomining } from './rules/falco-cryptomining.ts';
import { falcoReverseShell } from './rules/falco-reverse-shell.ts';
import { falcoShell } from './rules/falco-shell.ts';
import { falcoUnexpectedBinary } from './rules/falco-unexpected-binary.ts';
import { sccAnonymizingNetwork } from './rules/scc-anonymizing-network.ts';
import { sccAnonymousAccess } from './rules/scc-anonymous-access.ts';
import { sccContainerEscape } from './rules/scc-container-escape.ts';
import { sccCryptomining } from './rules/scc-cryptomining.ts';
import { sccMalware } from './rules/scc-malware.ts';
import { sccReverseShell } from './rules/scc-reverse-shell.ts';
import { sccRiskyChange } from './rules/scc-risky-change.ts';
import { sccSystemComponents } from './rules/scc-system-components.ts';
import { sccThreat } from './rules/scc-threat.ts';
import { sccUnexpectedBinary } from './rules/scc-unexpected-binary.ts';

/** The rules over the alerts of other detectors. */
export const THREAT_RULES: readonly ThreatRule[] = [
  falcoAlert,
  falcoContainerEscape,
  falcoCredentialAccess,
  falcoCryptomining,
  falcoReverseShell,
  falcoShell,
  falcoUnexpectedBinary,
  sccAnonymizingNetwork,
  sccAnonymousAccess,
  sccContainerEscape,
  sccCryptomining,
  sccMalware,
  sccReverseShell,
  sccRiskyChange,
  sccSystemComponents,
  sccThreat,
  sccUnexpectedBinary,
];
