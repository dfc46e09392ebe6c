import { z } from 'zod';
import { decision, goal } from '../../shared/model/decision.ts';
import { entry, planItem } from '../../shared/model/entry.ts';
import { finding } from '../../shared/model/finding.ts';
import { host } from '../../shared/model/host.ts';
import { incident } from '../../shared/model/incident.ts';
import { notice } from '../../shared/model/notice.ts';
import { request } from '../../shared/model/request.ts';
import { target } from '../../shared/model/target.ts';
import type { Files } from './files.ts';

const MODELS: Readonly<Record<string, z.ZodType>> = {
  target,
  finding,
  request,
  incident,
  decision,
  goal,
  'plan-item': planItem,
  entry,
  host,
  notice,
};

/** `docs/schemas/NAME.json` for each message and document that others read or write. */
export const schemaFiles = (): Files =>
  new Map(
    Object.entries(MODELS).map(([name, model]) => [
      `docs/schemas/${name}.json`,
      `${JSON.stringify({ title: name, ...z.toJSONSchema(model) }, null, 2)}\n`,
    ]),
  );
