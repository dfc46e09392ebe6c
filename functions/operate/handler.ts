import { keepDeadLetter } from '../../shared/decision/dead-letter.ts';
import { answerRequest } from '../../shared/decision/requests/answer-request.ts';
import type { OperatePorts } from '../../shared/decision/requests/request.ts';
import { tick } from '../../shared/decision/tick.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Malformed } from '../../shared/errors.ts';

/**
 * Handles requests of operators, the tick of every minute, and dead letters. A wrong request never makes it throw: the
 * record of the request has the answer.
 *
 * @throws Malformed for another topic; Transient and Denied as the ports do: then the message is delivered again.
 */
export const makeOperate =
  (ports: OperatePorts) =>
  (envelope: Envelope): Promise<void> => {
    switch (envelope.topic) {
      case 'requests':
        return answerRequest(ports, envelope);
      case 'tick':
        return tick(ports);
      case 'dead-letters':
        return keepDeadLetter(ports, envelope);
      default:
        return Promise.reject(new Malformed(`operate takes requests, tick and dead-letters, not ${envelope.topic}`));
    }
  };
