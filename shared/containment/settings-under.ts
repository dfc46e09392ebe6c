import type { Policy } from '../decision/policy.ts';
import type { StepSettings } from './settings.ts';

/** The settings of the steps, where the policy's settings override those of the environment. */
export const settingsUnder = (
  { investigation, forensics }: Pick<Policy, 'investigation' | 'forensics'>,
  settings: StepSettings,
): StepSettings => ({
  ...settings,
  ...(forensics.image === undefined ? {} : { forensicsImage: forensics.image }),
  investigation: {
    ...settings.investigation,
    ...(investigation.from === undefined ? {} : { from: investigation.from }),
    ...(investigation.minutes === undefined ? {} : { minutes: investigation.minutes }),
  },
});
