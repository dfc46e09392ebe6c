import { record, text } from '../kubernetes/loose.ts';
import type { Source } from './source.ts';

/** Notifications of Security Command Center, in either spelling. Recognised; not read yet. */
export const securityCommandCenter: Source = {
  id: 'security-command-center',
  title: 'a Security Command Center notification',
  recognises: (payload) => {
    const finding = record(payload.finding) ?? record(payload.findings);
    return finding !== undefined && (text(finding.category) ?? text(finding.name)) !== undefined;
  },
  read: () => ({
    source: 'security-command-center',
    because: 'Security Command Center notifications are not read yet',
  }),
};
