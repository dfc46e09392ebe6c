import type { AuditSignal } from '../model/signal.ts';
import type { Known } from './known.ts';

const PUBLIC = ['allUsers', 'allAuthenticatedUsers'];
const CONSUMER = [
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'yahoo.com',
  'proton.me',
  'protonmail.com',
];

/** Service agents: identities that Google makes for its own services, in projects of its own. */
const AGENT =
  /^(?:\d{1,20}@cloudservices\.gserviceaccount\.com|service-(?:(?:org|folder|project)-)?\d{1,20}@(?:gcp-sa-[a-z0-9-]{1,40}|container-engine-robot|compute-system|dataflow-service-producer-prod|gcf-admin-robot|serverless-robot-prod)\.iam\.gserviceaccount\.com|service-agent-manager@system\.gserviceaccount\.com)$/i;

/** Whether a principal is one of Google's own services. */
export const isGoogleAgent = (principal: string): boolean => AGENT.test(principal);

/** Whether one of Google's own services or a system component of a cluster made a call. */
export const isOfPlatform = ({
  principal,
  principalClass,
}: Pick<AuditSignal, 'principal' | 'principalClass'>): boolean =>
  principalClass === 'system' || (principal !== undefined && isGoogleAgent(principal));

/** The address or domain of `user:ana@example.com`, in lower case. */
export const nameOf = (member: string): string => member.slice(member.indexOf(':') + 1).toLowerCase();

/** Whether a member is everybody. */
export const isPublic = (member: string): boolean => PUBLIC.includes(member);

/**
 * How certain it is that a member belongs to another organization: `public` for everybody, `outside` for consumer
 * accounts and for domains that are not ours, `elsewhere` for a domain other than the caller's where our domains are
 * not known. Undefined for service accounts: they belong to projects, not to domains.
 */
export const strangerOf = (
  member: string,
  { domains }: Pick<Known, 'domains'>,
  caller: string | undefined,
): 'public' | 'outside' | 'elsewhere' | undefined => {
  if (isPublic(member)) return 'public';
  if (!/^(user|group|domain):/.test(member)) return undefined;
  const domain = domainOf(nameOf(member));
  if (CONSUMER.includes(domain)) return 'outside';
  if (domains.length > 0) return domains.some((ours) => isIn(domain, ours.toLowerCase())) ? undefined : 'outside';
  if (caller === undefined || !caller.includes('@') || /gserviceaccount\.com$/i.test(caller)) return undefined;
  const callers = domainOf(caller.toLowerCase());
  return isIn(domain, callers) || isIn(callers, domain) ? undefined : 'elsewhere';
};

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

const isIn = (domain: string, whole: string): boolean => domain === whole || domain.endsWith(`.${whole}`);
