import type { BuiltFiles } from '../../scripts/build/bundle.ts';
import { functionFiles } from '../../scripts/build/function-files.ts';
import type { FunctionName } from '../../shared/model/ids.ts';

const built = new Map<FunctionName, Promise<BuiltFiles>>();

/** What a function's archive holds, built once for all tests of this process: a build takes seconds. */
export const builtFiles = (name: FunctionName): Promise<BuiltFiles> => {
  const files = built.get(name) ?? functionFiles(name);
  built.set(name, files);
  return files;
};
