import type { ServerResponse } from 'node:http';

/** Answers a request with a JSON body, as the front end of Google's APIs does. */
export const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
};
