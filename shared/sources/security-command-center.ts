import { at, type Loose, record, records, text, texts } from '../kubernetes/loose.ts';
import type { Severity } from '../model/ids.ts';
import type { ThreatSignal } from '../model/threat-signal.ts';
import { quote } from '../text.ts';
import { bounded, boundedName, canonical, eventId, timeFrom } from './audit-fields.ts';
import { camelized, type SccNotification, sccTargets } from './scc-target.ts';
import type { ReadContext, Reading, Source } from './source.ts';

const SOURCE = 'security-command-center';

const SEVERITY: ReadonlyMap<string, Severity> = new Map([
  ['CRITICAL', 'critical'],
  ['HIGH', 'high'],
  ['MEDIUM', 'medium'],
  ['LOW', 'low'],
]);

/** Threat detectors write their tactic before a colon; misconfigurations have a name of one word. */
const THREAT_CATEGORY = /^[A-Z][A-Za-z0-9 &-]{1,40}: \S/;
const MAX_COMMANDS = 5;
const MAX_COMMAND = 4096;

/**
 * Notifications of Security Command Center about threats, versions 1 and 2, in either spelling. Every change of state
 * or mute of a finding sends a new notification: only an active finding that is not muted gives a signal.
 * Misconfigurations and vulnerabilities give none.
 */
export const securityCommandCenter: Source = {
  id: SOURCE,
  title: 'a Security Command Center notification',
  recognises: (payload) => {
    const finding = findingIn(payload);
    return finding !== undefined && (text(finding.category) ?? text(finding.name)) !== undefined;
  },
  read: (payload, context) => {
    const { sourceProperties, source_properties, ...named } = findingIn(payload) ?? {};
    const finding = camelized(named);
    const properties = record(sourceProperties ?? source_properties) ?? {};
    const because = passedOver(finding, properties);
    if (because !== undefined) return none(because);
    const resource = camelized(record(payload.resource) ?? record(finding.resource) ?? {});
    return { source: SOURCE, signal: signalFrom({ finding, resource, properties }, context) };
  },
};

const findingIn = (payload: Loose): Loose | undefined => record(payload.finding) ?? record(payload.findings);

const none = (because: string): Reading => ({ source: SOURCE, because });

/**
 * The mute of a finding sums up `muteInfo`, which counts where there is no sum: by itself a finding is muted or unmuted
 * whatever rule matches it, else one rule that matches mutes it.
 */
const isMuted = ({ mute, muteInfo }: Loose): boolean => {
  const state = [mute, at(muteInfo, 'staticMute', 'state')].find((one) => one === 'MUTED' || one === 'UNMUTED');
  return state === undefined ? records(at(muteInfo, 'dynamicMuteRecords')).length > 0 : state === 'MUTED';
};

/** Why a finding gives no signal; undefined where it gives one. */
const passedOver = (finding: Loose, properties: Loose): string | undefined => {
  const state = text(finding.state) ?? 'no state';
  if (state !== 'ACTIVE') return `a finding of Security Command Center in state ${quote(state, 32)}`;
  if (isMuted(finding)) return 'a muted finding of Security Command Center';
  const written = text(finding.findingClass);
  const isThreat =
    written === undefined || written === 'FINDING_CLASS_UNSPECIFIED'
      ? record(properties.detectionCategory) !== undefined || THREAT_CATEGORY.test(text(finding.category) ?? '')
      : written === 'THREAT';
  if (isThreat) return undefined;
  const named = quote(text(finding.category) ?? 'no category', 60);
  const what = written === undefined ? 'of no class' : `of class ${quote(written, 32)}`;
  return `${named} of Security Command Center, ${what}, is a state and no event: only threats are evidence`;
};

const signalFrom = (notification: SccNotification, context: ReadContext): ThreatSignal => {
  const { finding, properties } = notification;
  const when = timeFrom([finding.eventTime, finding.createTime], context.now);
  const { targets, doubts } = sccTargets(notification, context, when.doubt === undefined);
  const severity = SEVERITY.get(text(finding.severity) ?? '');
  const principal = boundedName(at(finding, 'access', 'principalEmail'));
  const callerIp = bounded(at(finding, 'access', 'callerIp'), 64);
  const commands = commandsOf(finding, properties);
  return {
    kind: 'threat',
    source: SOURCE,
    event: eventOf(finding),
    at: when.at,
    name: bounded(finding.category) ?? bounded(at(properties, 'detectionCategory', 'ruleName')) ?? '',
    ...(severity === undefined ? {} : { severity }),
    targets,
    ...(principal === undefined ? {} : { principal }),
    ...(callerIp === undefined ? {} : { callerIp }),
    commands,
    facts: [...factsOf(finding), ...commands.map((command) => `the process is ${quote(command, 300)}`)],
    doubts: [...(when.doubt === undefined ? [] : [when.doubt]), ...doubts],
  };
};

/**
 * The event id of a finding. Version 2 writes the location into the finding's name, which is left out here, so that
 * notifications of both versions about one finding have the same id.
 */
const eventOf = (finding: Loose): string => {
  const name = text(finding.name) ?? text(finding.canonicalName);
  const eventTime = text(finding.eventTime);
  if (name === undefined || eventTime === undefined) return eventId(SOURCE, canonical(finding));
  const [, source, id] = /sources\/([^/]+)\/(?:locations\/[^/]+\/)?findings\/([^/]+)$/.exec(name) ?? [];
  return source === undefined || id === undefined
    ? eventId(SOURCE, name, eventTime)
    : eventId(SOURCE, source, id, eventTime);
};

/**
 * The command lines of a finding. Before it had a field for processes, Container Threat Detection put them into its own
 * properties.
 */
const commandsOf = (finding: Loose, properties: Loose): string[] => {
  const written = records(finding.processes).map((process) => {
    const args = texts(process.args);
    return args.length > 0 ? args.join(' ') : (text(at(process, 'binary', 'path')) ?? text(process.name) ?? '');
  });
  const older = texts(properties.Process_Arguments).join(' ');
  return [...written, older]
    .filter((line) => line !== '')
    .slice(0, MAX_COMMANDS)
    .map((line) => line.slice(0, MAX_COMMAND));
};

const factsOf = (finding: Loose): string[] => {
  const indicator = record(finding.indicator);
  const named = [...texts(indicator?.domains), ...texts(indicator?.ipAddresses)].slice(0, 5);
  const method = text(at(finding, 'access', 'methodName'));
  return [
    ...(method === undefined ? [] : [`by a call of ${quote(method, 120)}`]),
    ...(named.length === 0 ? [] : [`it was seen with ${named.map((one) => quote(one, 120)).join(', ')}`]),
    ...hashes(finding).map((hash) => `the file has SHA-256 ${hash}`),
  ];
};

const hashes = (finding: Loose): string[] =>
  records(finding.processes)
    .map((process) => text(at(process, 'binary', 'sha256')) ?? '')
    .filter((hash) => /^[0-9a-f]{64}$/i.test(hash))
    .slice(0, 2);
