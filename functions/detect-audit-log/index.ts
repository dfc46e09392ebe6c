import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wireDetectAuditLog } from '../../shared/wiring.ts';
import { makeDetectAuditLog } from './handler.ts';

const ports = await wireDetectAuditLog();
cloudEvent('detect-audit-log', serve(makeDetectAuditLog(ports), { ...ports, topics: TOPICS_OF['detect-audit-log'] }));
