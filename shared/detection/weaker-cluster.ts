import { at, type Loose, record, records, text, texts } from '../kubernetes/loose.ts';
import { isInternet } from './wide-ranges.ts';

/**
 * Whether a setting is switched off. JSON leaves out what is false, so a setting that is present without its flag is
 * off.
 */
const off = (update: Loose, key: string): boolean => {
  const setting = record(update[key]);
  return setting !== undefined && setting.enabled !== true;
};
/** Whether the list of networks that may call is off, or allows the whole internet. */
const opens = (update: Loose, key: string): boolean =>
  off(update, key) ||
  isInternet(records(at(update, key, 'cidrBlocks')).flatMap(({ cidrBlock }) => text(cidrBlock) ?? []));
const none = (value: unknown): boolean => value === 'none' || value === '';

const READ_ONLY_PORT = 'kubelets answer everybody on their read-only port';
const OF_NODE = 'pods get the service account of their node';
const KUBELETS = ['desiredNodeKubeletConfig', 'desiredNodePoolAutoConfigKubeletConfig'];

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
    says: 'the API server gets a public address',
    is: (u) =>
      at(u, 'desiredControlPlaneEndpointsConfig', 'ipEndpointsConfig', 'enablePublicEndpoint') === true ||
      // The older field is optional, so that the log shows it where it is false.
      u.desiredEnablePrivateEndpoint === false,
  },
  {
    says: 'tokens or certificates of the cluster, which IAM knows nothing of, are good for its DNS endpoint',
    is: (u) =>
      ['enableK8sTokensViaDns', 'enableK8sCertsViaDns'].some(
        (flag) => at(u, 'desiredControlPlaneEndpointsConfig', 'dnsEndpointConfig', flag) === true,
      ),
  },
  {
    says: 'Services may take over the traffic to any address',
    is: (u) => at(u, 'desiredServiceExternalIpsConfig', 'enabled') === true,
  },
  {
    says: 'callers without a credential reach more of the API server than its health',
    is: (u) => at(u, 'desiredAnonymousAuthenticationConfig', 'mode') === 'ENABLED',
  },
  {
    says: 'roles may be given to every Google account, or to callers without a credential',
    is: (u) =>
      at(u, 'desiredRbacBindingConfig', 'enableInsecureBindingSystemAuthenticated') === true ||
      at(u, 'desiredRbacBindingConfig', 'enableInsecureBindingSystemUnauthenticated') === true,
  },
  {
    says: READ_ONLY_PORT,
    is: (u) => KUBELETS.some((key) => at(u, key, 'insecureKubeletReadonlyPortEnabled') === true),
  },
  {
    says: 'monitoring is off',
    is: (u) =>
      none(u.desiredMonitoringService) ||
      (record(at(u, 'desiredMonitoringConfig', 'componentConfig')) !== undefined &&
        texts(at(u, 'desiredMonitoringConfig', 'componentConfig', 'enableComponents')).length === 0),
  },
  {
    says: 'its security posture is no longer watched',
    is: (u) => at(u, 'desiredSecurityPostureConfig', 'mode') === 'DISABLED',
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
    case 'setmonitoringservice':
      return none(request.monitoringService) ? ['monitoring is off'] : [];
    case 'setnetworkpolicy':
      return off(request, 'networkPolicy') ? ['network policies are off'] : [];
    case 'updatenodepool':
      return [
        ...(text(at(request, 'workloadMetadataConfig', 'mode')) === 'GCE_METADATA' ? [OF_NODE] : []),
        ...(at(request, 'kubeletConfig', 'insecureKubeletReadonlyPortEnabled') === true ? [READ_ONLY_PORT] : []),
      ];
    case 'createnodepool':
      return at(request, 'nodePool', 'config', 'workloadMetadataConfig', 'mode') === 'GCE_METADATA' ? [OF_NODE] : [];
    case 'updatepolicy':
      return isAdmittingAll(record(at(request, 'policy', 'defaultAdmissionRule')))
        ? ['Binary Authorization admits every image']
        : [];
    case 'setmasterauth':
      return [
        ...(text(at(request, 'update', 'username')) === undefined && request.action !== 'GENERATE_PASSWORD'
          ? []
          : ['the API server accepts a password']),
        ...(at(request, 'update', 'clientCertificateConfig', 'issueClientCertificate') === true
          ? ['the cluster issues a certificate that nobody can revoke']
          : []),
      ];
    default:
      return WEAKER.flatMap(({ says, is }) => (is(record(request.update) ?? {}) ? [says] : []));
  }
};

/** Whether a rule of Binary Authorization's policy asks for nothing, or only logs what it would refuse. */
const isAdmittingAll = (rule: Loose | undefined): boolean =>
  rule?.evaluationMode === 'ALWAYS_ALLOW' || rule?.enforcementMode === 'DRYRUN_AUDIT_LOG_ONLY';
