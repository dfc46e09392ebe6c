import type { RequestRecord } from '../model/request.ts';

/** Beside the requests of an incident, where some are left out. */
export const MORE_REQUESTS =
  'There are more requests about this incident than are shown. Those that were carried out come first.';

/** Who asked: whoever the proof of the request names, else the name that it gives, as a claim. Foreign text. */
export const senderText = ({ operator, request }: Pick<RequestRecord, 'operator' | 'request'>): string =>
  operator ?? (request === null ? 'nobody named' : `${request.requestedBy} (claimed)`);
