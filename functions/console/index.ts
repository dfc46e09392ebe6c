import { http } from '@google-cloud/functions-framework';
import { respond } from '../../shared/adapters/http-response.ts';
import { wireConsole } from '../../shared/wiring.ts';
import { makeConsole } from './handler.ts';

const answer = makeConsole(await wireConsole());
http('console', (request, response) => respond(answer, request, response));
