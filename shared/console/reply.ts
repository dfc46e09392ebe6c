import { VERSION } from './files.ts';
import type { Reply } from './http.ts';
import { messageText } from './page.ts';
import { SECURITY_HEADERS } from './security.ts';

/** A reply with a body of the given type. */
export const reply = (status: number, type: string, body: string, headers: Record<string, string>): Reply => ({
  status,
  headers: { ...SECURITY_HEADERS, 'content-type': type, ...headers },
  body,
});

/** A reply with a page. */
export const pageReply = (status: number, body: string, headers: Record<string, string> = {}): Reply =>
  reply(status, 'text/html; charset=utf-8', body, headers);

/** A reply with a page that only says one sentence. */
export const messageReply = (status: number, title: string, sentence: string): Reply =>
  pageReply(status, messageText(title, sentence, VERSION));
