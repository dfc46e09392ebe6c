/** Breaks text into lines of at most `width` characters, at spaces where possible. Never returns an empty list. */
export const wrap = (text: string, width: number): string[] => {
  const room = Math.max(8, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .split(' ')
    .filter((w) => w !== '')
    .flatMap((w) => chunks(w, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
};

const chunks = (word: string, size: number): string[] => {
  if (word.length <= size) return [word];
  return Array.from({ length: Math.ceil(word.length / size) }, (_, i) => word.slice(i * size, (i + 1) * size));
};
