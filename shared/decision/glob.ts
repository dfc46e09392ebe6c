/**
 * Whether a name matches a pattern in which `*` stands for any number of characters and everything else for itself.
 * Linear in the length of both, whatever a policy's author writes.
 */
export const matchesGlob = (glob: string, name: string): boolean => {
  const [head = '', ...rest] = glob.split('*');
  const tail = rest.pop();
  if (tail === undefined) return glob === name;
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  const end = name.length - tail.length;
  let from = head.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
};

/** Whether a name matches a pattern. A missing pattern matches everything; an unknown name matches no pattern. */
export const fitsGlob = (glob: string | undefined, name: string | undefined): boolean =>
  glob === undefined || (name !== undefined && matchesGlob(glob, name));
