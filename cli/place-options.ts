import type { Command } from 'commander';
import { isClusterName, isLocation, isProjectId } from '../shared/kubernetes/names.ts';
import { UNKNOWN_PROJECT } from '../shared/sources/audit-fields.ts';
import { named } from './arguments.ts';

/** Adds the flags that say where a payload comes from that does not say so itself, as a Kubernetes audit event. */
export const withPlaceOptions = (command: Command): Command =>
  command
    .option('--project <id>', 'stands in where a payload names no project', named(isProjectId), UNKNOWN_PROJECT)
    .option('--location <name>', 'stands in where a payload names no location', named(isLocation))
    .option('--cluster <name>', 'stands in where a payload names no cluster', named(isClusterName));
