import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * The arguments of a script. If they cannot be read, says in one sentence which one is wrong, and exits 2: exit 1 means
 * that the script ran and found something.
 */
export const flagsOf = <T extends ParseArgsConfig>(script: string, config: T): ReturnType<typeof parseArgs<T>> => {
  try {
    return parseArgs(config);
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    const [sentence = said] = said.split('. ');
    const known = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    process.stderr.write(`${script}: ${sentence}: it takes ${known.join(', ')}\n`);
    process.exit(2);
  }
};
