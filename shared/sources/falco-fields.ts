import { at, type Loose, text } from '../kubernetes/loose.ts';

/** Falco writes these where it does not know a value. */
const UNKNOWN = ['<NA>', 'N/A', 'null'];

/** The value of a field of an alert; undefined where it is not a string, or Falco did not know it. */
export const fieldOf = (alert: Loose, name: string): string | undefined => {
  const value = text(at(alert, 'output_fields', name)) ?? text(at(alert, 'outputFields', name));
  return value === undefined || UNKNOWN.includes(value) ? undefined : value;
};
