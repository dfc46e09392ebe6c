import { hash } from 'node:crypto';
import type { Time } from '../model/time.ts';
import type { BoundStep } from './bound-step.ts';
import type { StepContext } from './step.ts';

/**
 * A UUID derived from `parts`, so that the same request always carries the same id and the service drops a repeat of
 * it. Version 8 of RFC 9562 (custom), never the zero UUID, which Compute Engine refuses.
 */
export const requestIdOf = (...parts: string[]): string => {
  const hex = hash('sha256', JSON.stringify(parts));
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The id of the first request of a step, which was begun at the time `at`. */
export const requestOf = ({ step, subject }: BoundStep, { mark }: Pick<StepContext, 'mark'>, at: Time): string =>
  requestIdOf(mark, step.id, subject.uid, at, '1');
