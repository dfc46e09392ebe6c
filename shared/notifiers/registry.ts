import { cloudLogging } from './cloud-logging.ts';
import type { Notifier } from './notifier.ts';

/** Every notifier, in the order they are told. */
export const NOTIFIERS: readonly Notifier[] = [cloudLogging];
