import { z } from 'zod';
import { policy } from '../../shared/decision/policy.ts';
import { rulesFile } from '../../shared/detection/rules-file.ts';
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

const file = (name: string, model: z.ZodType, io: 'input' | 'output'): [string, string] => [
  `docs/schemas/${name}.json`,
  `${JSON.stringify({ title: name, ...z.toJSONSchema(model, { io }) }, null, 2)}\n`,
];

/** `docs/schemas/NAME.json` for each message, document and file that other programs or people read or write. */
export const schemaFiles = (): Files =>
  new Map([
    ...Object.entries(MODELS).map(([name, model]) => file(name, model, 'output')),
    // The form that people write: fields with a default may be left out.
    file('policy', policy, 'input'),
    file('rules', rulesFile, 'input'),
  ]);
