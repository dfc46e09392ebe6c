import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wireDetectCryptomining } from '../../shared/wiring.ts';
import { makeDetectCryptomining } from './handler.ts';

const ports = await wireDetectCryptomining();
cloudEvent(
  'detect-cryptomining',
  serve(makeDetectCryptomining(ports), { ...ports, topics: TOPICS_OF['detect-cryptomining'] }),
);
