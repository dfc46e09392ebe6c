import { type Loose, record, text, texts } from '../kubernetes/loose.ts';
import type { Severity } from '../model/ids.ts';
import type { ThreatSignal } from '../model/threat-signal.ts';
import { quote } from '../text.ts';
import { bounded, boundedName, canonical, eventId, timeFrom } from './audit-fields.ts';
import { isOfAuditLog } from './falco-audited.ts';
import { fieldOf } from './falco-fields.ts';
import { falcoTarget } from './falco-target.ts';
import type { ReadContext, Reading, Source } from './source.ts';

const SOURCE = 'falco';

/** Severities for Falco's eight priorities; any other value has none. */
const SEVERITY: ReadonlyMap<string, Severity> = new Map([
  ['emergency', 'critical'],
  ['alert', 'critical'],
  ['critical', 'critical'],
  ['error', 'high'],
  ['warning', 'medium'],
  ['notice', 'low'],
  ['informational', 'low'],
  ['info', 'low'],
  ['debug', 'low'],
]);
/** The rule of the alert with which people test the channel. */
const TEST = 'Test rule';
const MAX_COMMAND = 4096;

/**
 * Alerts of Falco, as falcosidekick publishes them. Its fields may have values of any type. Test alerts give no signal.
 */
export const falco: Source = {
  id: SOURCE,
  title: 'a Falco alert',
  recognises: (payload) =>
    text(payload.rule) !== undefined && text(payload.output) !== undefined && typeof payload.priority === 'string',
  read: (payload, context) =>
    payload.rule === TEST
      ? none('a test alert of falcosidekick: the channel works, and nothing has happened')
      : { source: SOURCE, signal: signalFrom(payload, context) },
};

const none = (because: string): Reading => ({ source: SOURCE, because });

const signalFrom = (alert: Loose, context: ReadContext): ThreatSignal => {
  const when = timeFrom([alert.time], context.now);
  const { target, doubts } = falcoTarget(alert, context, when.doubt === undefined);
  const severity = SEVERITY.get((text(alert.priority) ?? '').toLowerCase());
  const commands = [fieldOf(alert, 'proc.cmdline'), fieldOf(alert, 'proc.pcmdline')].flatMap((line) =>
    line === undefined ? [] : [line.slice(0, MAX_COMMAND)],
  );
  return {
    kind: 'threat',
    source: SOURCE,
    event: eventId(SOURCE, text(alert.uuid) ?? canonical(alert)),
    at: when.at,
    name: bounded(alert.rule) ?? '',
    ...(severity === undefined ? {} : { severity }),
    targets: [target],
    ...(isOfAuditLog(alert) ? audited(alert) : {}),
    commands,
    facts: factsOf(alert),
    doubts: [...(when.doubt === undefined ? [] : [when.doubt]), ...doubts],
  };
};

const audited = (alert: Loose): Pick<ThreatSignal, 'retold' | 'principal'> => {
  const principal = boundedName(fieldOf(alert, 'ka.user.name'));
  return { retold: true, ...(principal === undefined ? {} : { principal }) };
};

const factsOf = (alert: Loose): string[] => {
  const process = fieldOf(alert, 'proc.cmdline');
  const image = fieldOf(alert, 'container.image.repository');
  const user = fieldOf(alert, 'user.name');
  const remote = fieldOf(alert, 'fd.rip') ?? fieldOf(alert, 'fd.sip') ?? fieldOf(alert, 'fd.name');
  const tags = texts(alert.tags).slice(0, 8);
  return [
    `Falco says ${quote(text(alert.output) ?? '', 400)}`,
    ...(process === undefined ? [] : [`the process is ${quote(process, 300)}`]),
    ...(image === undefined ? [] : [`its image is ${quote(image)}`]),
    ...(user === undefined ? [] : [`it runs as ${quote(user, 64)}`]),
    ...(remote === undefined ? [] : [`it is connected to ${quote(remote, 120)}`]),
    ...(tags.length === 0 ? [] : [`tags: ${quote(tags.join(', '), 200)}`]),
    ...(record(alert.output_fields) === undefined ? ['the alert has no fields'] : []),
  ];
};
