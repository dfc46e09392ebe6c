import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wire } from '../../shared/wiring.ts';
import { makeDetectAuditLog } from './handler.ts';

const ports = await wire('detect-audit-log');
cloudEvent('detect-audit-log', serve(makeDetectAuditLog(ports), { ...ports, topics: TOPICS_OF['detect-audit-log'] }));
