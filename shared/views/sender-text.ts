import type { RequestRecord } from '../model/request.ts';

/** Who asked: whoever the proof of the request names, else the name that it gives, as a claim. Foreign text. */
export const senderText = ({ operator, request }: Pick<RequestRecord, 'operator' | 'request'>): string =>
  operator ?? (request === null ? 'nobody named' : `${request.requestedBy} (claimed)`);
