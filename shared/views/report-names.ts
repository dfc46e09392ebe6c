import { parseComputeUrl, regionOf } from '../compute-url.ts';
import { Malformed } from '../errors.ts';
import * as grammar from '../kubernetes/names.ts';
import type { HostRef, OwnerRef } from '../model/subject.ts';
import { plain } from '../text.ts';

/**
 * Makes a function that returns a name if it passes the platform's grammar, and throws Malformed if it does not: such a
 * name never gets into a command.
 */
const named =
  (what: string, is: (text: string) => boolean) =>
  (text: string): string => {
    if (is(text)) return text;
    throw new Malformed(`a ${what} outside of the platform's grammar stands in no command`);
  };

export const namespaceName = named('namespace', grammar.isLabelName);
export const objectName = named('name', grammar.isSubdomain);
export const uidOf = named('UID', grammar.isUid);
export const computeName = named('name', (text) => grammar.isComputeName(text) || grammar.isInstanceId(text));

/** A value without a grammar of its own, such as a label's: it must be printable, and `shellLine` quotes it. */
export const printable = named('value', (text) => text !== '' && text.length <= 512 && plain(text, 512) === text);

/** A change of labels as `kubectl label` takes it: a label that is null goes. */
export const labelWords = (patch: Readonly<Record<string, string | null>>): string[] =>
  Object.entries(patch)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => printable(value === null ? `${key}-` : `${key}=${value}`));

/** A kind as kubectl takes it, without a version: `deployment.apps`. */
export const kindArgument = ({ apiVersion, kind }: Pick<OwnerRef, 'apiVersion' | 'kind'>): string => {
  const group = apiVersion.includes('/') ? `.${objectName(apiVersion.split('/')[0] ?? '')}` : '';
  return `${named('kind', grammar.isKind)(kind).toLowerCase()}${group}`;
};

type Place = { name: string; project: string; region: string; where: string };

/** A zonal or regional resource by its URL: its name, its project, its region, and the flag for its location. */
export const placeOf = (url: string, flag = ''): Place => {
  const found = parseComputeUrl(url);
  if (found === undefined) throw new Malformed('a resource whose URL cannot be read stands in no command');
  const { name, project, zone, region } = found;
  const where = zone === undefined ? `--${flag}region=${region ?? 'global'}` : `--${flag}zone=${zone}`;
  return { name, project, region: regionOf(found), where };
};

/** The VM of a host, with the flags for its location. Throws Malformed where its VM is not known. */
export const vmWords = ({ instance, zone, project }: HostRef): { name: string; at: [string, string] } => {
  if (instance === undefined || zone === undefined || project === undefined)
    throw new Malformed('no VM of this node is known: Autopilot keeps its nodes to itself');
  const at: [string, string] = [
    `--zone=${named('zone', grammar.isLocation)(zone)}`,
    `--project=${named('project', grammar.isProjectId)(project)}`,
  ];
  return { name: computeName(instance), at };
};
