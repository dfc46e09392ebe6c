import { transform } from 'esbuild';

/**
 * Turns a module of the bundle, with its source map, into a script that loads its dependencies with `require`. V8's
 * code cache keeps no functions of a module, but keeps the functions of a script that have been called
 * (`runtime/load.mjs`).
 */
export const asScript = async (name: string, code: string, map: string): Promise<{ code: string; map: string }> => {
  if (code.includes('import.meta')) throw new Error(`${name} uses import.meta, which a script has not`);
  const inline = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
  const made = await transform(code.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '') + inline, {
    sourcefile: name,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: true,
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
  });
  return { code: made.code, map: made.map };
};
