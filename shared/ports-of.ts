import type { ConsolePorts } from '../functions/console/handler.ts';
import type { DecideOptions } from '../functions/decide/handler.ts';
import type { DetectAuditLogPorts } from '../functions/detect-audit-log/handler.ts';
import type { DetectCryptominingPorts } from '../functions/detect-cryptomining/handler.ts';
import type { DetectThreatPorts } from '../functions/detect-threat/handler.ts';
import type { NotifyPorts } from '../functions/notify/handler.ts';
import type { RunPorts } from './containment/run.ts';
import type { OperatePorts } from './decision/requests/request.ts';
import type { TracedLog } from './log.ts';
import type { Clock } from './ports.ts';
import type { Spans } from './spans.ts';

/** The ports that every function gets. */
export type Basics = { clock: Clock; log: TracedLog; spans?: Spans };

/** The ports of each function: no more than its row in the table of identities. Only contain gets writers. */
export type PortsOf = {
  'detect-audit-log': Basics & DetectAuditLogPorts;
  'detect-cryptomining': Basics & DetectCryptominingPorts;
  'detect-threat': Basics & DetectThreatPorts;
  decide: Basics & DecideOptions;
  operate: Basics & OperatePorts;
  contain: Basics & RunPorts;
  notify: Basics & NotifyPorts;
  console: Basics & ConsolePorts;
};
