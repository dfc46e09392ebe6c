import { keepDeadLetter } from '../../shared/decision/dead-letter.ts';
import { answerRequest } from '../../shared/decision/requests/answer-request.ts';
import type { OperatePorts } from '../../shared/decision/requests/request.ts';
import { tick } from '../../shared/decision/tick.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Malformed } from '../../shared/errors.ts';

/**
 * Takes what operators ask for, the tick of every minute, and the messages that nobody could handle. A request is never
 * thrown for being wrong: its record answers it.
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
