import { z } from 'zod';
import { rangeOf } from './addresses.ts';

/** Address ranges for a firewall rule. Compute Engine refuses one with bits beyond its prefix: in an incident, too late. */
export const firewallRange = z
  .union([z.cidrv4(), z.cidrv6()])
  .refine((text) => rangeOf(text) !== undefined, { message: 'expected a range without bits beyond its prefix' });
