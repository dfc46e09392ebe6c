/**
 * A path without detours or a slash at its end: `/etc//shadow`, `/etc/./shadow` and `/etc/x/../shadow` become
 * `/etc/shadow`.
 */
export const plainPath = (path: string): string => {
  const parts: string[] = [];
  for (const [index, part] of path.split('/').entries()) {
    if (index > 0 && (part === '' || part === '.')) continue;
    const isRoot = parts.length === 1 && parts[0] === '';
    if (part !== '..' || (parts.length <= 1 && !isRoot)) parts.push(part);
    else if (!isRoot) parts.pop();
  }
  return parts.join('/');
};

/** The same with the slash at its end, by which a path names a folder. */
export const straightPath = (path: string): string => plainPath(path) + (path.endsWith('/') ? '/' : '');
