/** A variable of a container, as far as the spec itself has its value. */
type Variable = { name: string; value?: string };

/** How much longer lines may become by variables, besides twice the length of all values. */
const MIN_GROWTH = 256;

/** A variable as Kubernetes writes it in commands, arguments and values, and as shells do. */
const NAMED = /\$(?:\(([A-Za-z_][\w.-]{0,60})\)|\{([A-Za-z_]\w{0,60})\}|([A-Za-z_]\w{0,60}))/g;

/**
 * Command lines with the values of the container's variables in place of their names, so that no command hides in a
 * variable. Kubernetes puts `$(NAME)` in before the program starts, and a shell `$NAME` when it does. Other names stay
 * as they are. The result is at most about three times as long as lines and values, so that no spec takes long to read.
 */
export const withVariables = (lines: string[], variables: readonly Variable[]): string[] => {
  // Hardly any line names a variable, so no map is made for the others.
  if (variables.length === 0 || !lines.some((line) => line.includes('$'))) return lines;
  const values = new Map<string, string>();
  let left = variables.reduce((sum, { value = '' }) => sum + 2 * value.length, MIN_GROWTH);
  const replaced = (line: string): string =>
    line.includes('$')
      ? line.replace(NAMED, (written, inLine?: string, braced?: string, plain?: string) => {
          const value = values.get(inLine ?? braced ?? plain ?? '');
          if (value === undefined || value.length > left) return written;
          left -= value.length;
          return value;
        })
      : line;
  // A value may name variables that are defined before it.
  for (const { name, value } of variables) if (value !== undefined) values.set(name, replaced(value));
  return lines.map(replaced);
};
