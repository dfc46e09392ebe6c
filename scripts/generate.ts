import { flagsOf } from './flags.ts';
import { cliFiles } from './generate/cli.ts';
import { defaultsFiles } from './generate/defaults.ts';
import { doctorFiles } from './generate/doctor.ts';
import type { Files } from './generate/files.ts';
import { mitigationFiles } from './generate/mitigations.ts';
import { permissionFiles } from './generate/permissions.ts';
import { reportExampleFiles } from './generate/report-example.ts';
import { ruleFiles } from './generate/rules.ts';
import { schemaFiles } from './generate/schemas.ts';
import { stepFiles } from './generate/steps.ts';
import { telemetryFiles } from './generate/telemetry.ts';
import { terraformFiles } from './generate/terraform.ts';
import { variableFiles } from './generate/variables.ts';
import { bringUpToDate, compare } from './generate/write.ts';
import { ROOT } from './steps.ts';

// Writes the files generated from the code: schemas and references. --check changes nothing and exits 1 if a file is
// stale.

const { values } = flagsOf('generate', { options: { check: { type: 'boolean', default: false } } });
const files: Files = new Map([
  ...schemaFiles(),
  ...defaultsFiles(),
  ...stepFiles(),
  ...mitigationFiles(),
  ...ruleFiles(),
  ...terraformFiles(),
  ...(await cliFiles()),
  ...doctorFiles(),
  ...telemetryFiles(),
  ...permissionFiles(),
  ...(await variableFiles()),
  ...(await reportExampleFiles()),
]);
const difference = compare(ROOT, files, ['docs/schemas', 'terraform/generated']);
const { stale, left } = difference;

if (values.check) {
  for (const path of stale) process.stdout.write(`${path} is stale: run npm run generate\n`);
  for (const path of left) process.stdout.write(`${path} is not generated any more: run npm run generate\n`);
  process.exitCode = stale.length + left.length === 0 ? 0 : 1;
} else {
  bringUpToDate(ROOT, files, difference);
  process.stdout.write(`${stale.length} written, ${left.length} removed, ${files.size - stale.length} up to date\n`);
}
