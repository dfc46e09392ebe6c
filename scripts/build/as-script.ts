import { transform } from 'esbuild';

/**
 * A module of the bundle, with its map, as a script that takes what it needs by `require`: V8 keeps no code of a module's
 * functions, and of a script what has been called (`runtime/load.mjs`).
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
