const linesOf = (keys: string): string[] => keys.split('\n').filter((line) => line.trim() !== '');

/** The value of `ssh-keys` with this line in it, once. */
export const withKey = (keys: string, key: string): string => {
  const lines = linesOf(keys);
  return lines.includes(key) ? keys : [...lines, key].join('\n');
};

/** The value of `ssh-keys` without this line; other lines stay. */
export const withoutKey = (keys: string, key: string): string => {
  const lines = linesOf(keys);
  return lines.includes(key) ? lines.filter((line) => line !== key).join('\n') : keys;
};
