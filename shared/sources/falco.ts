import { text } from '../kubernetes/loose.ts';
import type { Source } from './source.ts';

/** Alerts of Falco, as falcosidekick publishes them. Recognised; not read yet. */
export const falco: Source = {
  id: 'falco',
  title: 'a Falco alert',
  recognises: (payload) =>
    text(payload.rule) !== undefined && text(payload.output) !== undefined && typeof payload.priority === 'string',
  read: () => ({ source: 'falco', because: 'Falco alerts are not read yet' }),
};
