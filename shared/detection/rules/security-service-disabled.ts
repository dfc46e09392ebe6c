import { at, record, text, texts } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** Services that observe, control or log what happens, and those that this deployment depends on. */
const WATCHED = [
  'securitycenter',
  'securitycentermanagement',
  'containersecurity',
  'containerthreatdetection',
  'websecurityscanner',
  'binaryauthorization',
  'logging',
  'monitoring',
  'pubsub',
  'container',
].map((name) => `${name}.googleapis.com`);

/** Somebody turned off a service that protects the project. */
export const securityServiceDisabled = adminRule({
  id: 'security-service-disabled',
  title: 'Security service disabled',
  sees: 'The disabling of the API of a service that monitors, enforces or logs, or of a detector of Security Command Center; the deletion of its notifications; and a rule that mutes its findings (medium 0.50).',
  why: 'It is quieter to turn off the alarm than to avoid it.',
  technique: [{ id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' }],
  severity: 'high',
  confidence: 0.8,
  family: 'identity',
  falsePositives: ['Projects that are being shut down'],
  services: [
    'serviceusage.googleapis.com',
    'securitycenter.googleapis.com',
    'securitycentermanagement.googleapis.com',
    'securitycentersettings.googleapis.com',
  ],
  methods:
    '(Batch)?DisableServices?|Update[A-Za-z]{0,60}(Settings|SecurityCenterService)|DeleteNotificationConfig|CreateMuteConfig',
  example: 'gcloud services disable containersecurity.googleapis.com --force',
  match: (signal) => {
    const verb = verbOf(signal);
    const what = quote(signal.resourceName ?? 'Security Command Center');
    if (verb === 'createmuteconfig')
      return {
        because: [`${shownCaller(signal)} muted findings by a rule of ${what}`],
        severity: 'medium',
        confidence: 0.5,
      };
    if (verb === 'deletenotificationconfig')
      return { because: [`${shownCaller(signal)} deleted ${what}, which sends findings of Security Command Center`] };
    const off = disabledBy(signal);
    return off === undefined ? undefined : { because: [`${shownCaller(signal)} turned off ${quote(off)}`] };
  },
});

const disabledBy = ({ service, resourceName, request }: AuditSignal): string | undefined => {
  if (service.startsWith('securitycenter')) return isOff(request) ? resourceName : undefined;
  const named = [
    resourceName ?? '',
    text(at(request, 'name')) ?? '',
    ...texts(at(request, 'serviceIds')),
    ...texts(at(request, 'names')),
  ];
  return named.map((name) => name.split('/').at(-1) ?? '').find((name) => WATCHED.includes(name));
};

/** Whether the settings contain `intendedEnablementState: DISABLED` at any depth. */
const isOff = (value: unknown): boolean =>
  Object.entries(record(value) ?? {}).some(
    ([key, held]) => (/enablement_?state$/i.test(key) && held === 'DISABLED') || isOff(held),
  );
