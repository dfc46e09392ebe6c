import { at, type Loose, record, records, text, texts } from '../kubernetes/loose.ts';
import { isInternet } from './wide-ranges.ts';

/**
 * Whether a setting is switched off. JSON leaves out what is false, so a setting that is present without its flag is
 * off.
 */
const off = (update: Loose, key: string, flag = 'enabled'): boolean => {
  const setting = record(update[key]);
  return setting !== undefined && setting[flag] !== true;
};
/** Whether the list of networks that may call is off, or allows the whole internet. */
const opens = (update: Loose, key: string): boolean =>
  off(update, key) ||
  isInternet(records(at(update, key, 'cidrBlocks')).flatMap(({ cidrBlock }) => text(cidrBlock) ?? []));
const none = (value: unknown): boolean => value === 'none' || value === '';

/** Changes that remove a protection, each with the words for it. */
const WEAKER: ReadonlyArray<{ says: string; is(update: Loose): boolean }> = [
  {
    says: 'every address reaches the API server',
    is: (u) =>
      opens(u, 'desiredMasterAuthorizedNetworksConfig') ||
      opens(record(at(u, 'desiredControlPlaneEndpointsConfig', 'ipEndpointsConfig')) ?? {}, 'authorizedNetworksConfig'),
  },
  {
    says: 'Binary Authorization is off',
    is: (u) =>
      record(u.desiredBinaryAuthorization) !== undefined &&
      at(u, 'desiredBinaryAuthorization', 'enabled') !== true &&
      !/ENFORCE|MONITORING|POLICY/.test(text(at(u, 'desiredBinaryAuthorization', 'evaluationMode')) ?? ''),
  },
  {
    says: 'logging is off',
    is: (u) =>
      none(u.desiredLoggingService) ||
      (record(u.desiredLoggingConfig) !== undefined &&
        texts(at(u, 'desiredLoggingConfig', 'componentConfig', 'enableComponents')).length === 0),
  },
  {
    says: 'Workload Identity is off',
    is: (u) =>
      record(u.desiredWorkloadIdentityConfig) !== undefined &&
      text(at(u, 'desiredWorkloadIdentityConfig', 'workloadPool')) === undefined,
  },
  { says: 'shielded nodes are off', is: (u) => off(u, 'desiredShieldedNodes') },
  {
    says: 'secrets are not encrypted with their own key',
    is: (u) => text(at(u, 'desiredDatabaseEncryption', 'state')) === 'DECRYPTED',
  },
  {
    says: 'the web dashboard is on',
    is: (u) => {
      const dashboard = record(at(u, 'desiredAddonsConfig', 'kubernetesDashboard'));
      return dashboard !== undefined && dashboard.disabled !== true;
    },
  },
];

/**
 * The protections that a change of a cluster removes, in words. `verb` is the last word of the method, in lower case.
 */
export const weakerIn = (verb: string, request: Loose): string[] => {
  switch (verb) {
    case 'setlegacyabac':
      return request.enabled === true ? ['legacy authorization is on'] : [];
    case 'setloggingservice':
      return none(request.loggingService) ? ['logging is off'] : [];
    case 'setnetworkpolicy':
      return off(request, 'networkPolicy') ? ['network policies are off'] : [];
    case 'setmasterauth':
      return text(at(request, 'update', 'username')) === undefined ? [] : ['the API server accepts a password'];
    default:
      return WEAKER.flatMap(({ says, is }) => (is(record(request.update) ?? {}) ? [says] : []));
  }
};
