import { isComputeName, isInstanceId, isLocation, isProjectId } from './kubernetes/names.ts';
import type { InstanceRef } from './model/compute.ts';

/**
 * The place of a Compute Engine resource: zonal, regional or (with neither) global. `project` is an id or, in a VM's
 * `created-by` as Google writes it, a number; `name` is a name or an instance's numeric id.
 */
export type ComputeResource = { project: string; zone?: string; region?: string; collection: string; name: string };

const ROOT = /^https:\/\/(www|compute)\.googleapis\.com\/compute\/(v1|beta|alpha)\//;
const SHAPE = /^projects\/([^/]+)\/(?:zones\/([^/]+)|regions\/([^/]+)|global)\/([A-Za-z]{1,40})\/([^/]+)$/;

const isProject = (text: string): boolean => isProjectId(text) || /^[1-9]\d{0,18}$/.test(text);

/**
 * Reads a full (`https://www.googleapis.com/compute/v1/projects/...`) or partial (`projects/...`) resource URL;
 * undefined where it is neither, or where a name breaks the platform's grammar.
 */
export const parseComputeUrl = (text: string): ComputeResource | undefined => {
  if (text.length > 1000) return undefined;
  const [, project, zone, region, collection, name] = SHAPE.exec(text.replace(ROOT, '')) ?? [];
  if (project === undefined || collection === undefined || name === undefined) return undefined;
  if (!isProject(project) || !(isComputeName(name) || isInstanceId(name))) return undefined;
  if (zone !== undefined) return isLocation(zone) ? { project, zone, collection, name } : undefined;
  if (region !== undefined) return isLocation(region) ? { project, region, collection, name } : undefined;
  return { project, collection, name };
};

/** The partial URL of a resource, `projects/p1/zones/europe-west1-b/disks/d1`: the form we store and compare. */
export const computeUrl = ({ project, zone, region, collection, name }: ComputeResource): string => {
  const scope = zone !== undefined ? `zones/${zone}` : region !== undefined ? `regions/${region}` : 'global';
  return `projects/${project}/${scope}/${collection}/${name}`;
};

/** The partial form of a resource URL, whether it is a full or a partial one; any other text as it is. */
export const partialUrl = (text: string): string => {
  const place = parseComputeUrl(text);
  return place === undefined ? text : computeUrl(place);
};

/** The name of a resource, for sentences, where its URL can be read; any other text as it is. */
export const resourceName = (text: string): string => parseComputeUrl(text)?.name ?? text;

/** The region of a zonal or regional resource. A zone's name begins with it, an AI zone's too: `us-central1-ai1a`. */
export const regionOf = ({ zone = '', region }: Pick<ComputeResource, 'zone' | 'region'>): string =>
  region ?? zone.replace(/-(ai\d{1,2})?[a-z]$/, '');

/** Reads a Node's `spec.providerID` (`gce://PROJECT/ZONE/NAME`); undefined where it is something else. */
export const parseProviderId = (text: string): InstanceRef | undefined => {
  const [, project, zone, name] = /^gce:\/\/([^/]{1,64})\/([^/]{1,63})\/([^/]{1,63})$/.exec(text) ?? [];
  if (project === undefined || zone === undefined || name === undefined) return undefined;
  return isProjectId(project) && isLocation(zone) && isComputeName(name) ? { project, zone, name } : undefined;
};
