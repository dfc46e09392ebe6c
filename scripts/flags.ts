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

/** A flag's whole number from 1 up, of at most `digits`; for any other text, says so in one sentence and exits 2. */
export const wholeNumber = (script: string, name: string, text: string, digits: number): number => {
  if (/^[1-9]\d*$/.test(text) && text.length <= digits) return Number(text);
  process.stderr.write(`${script}: --${name} takes a whole number from 1 up, not ${JSON.stringify(text)}\n`);
  process.exit(2);
};
