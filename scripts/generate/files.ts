/** Generated files: path below the checkout, with `/`, to content. */
export type Files = ReadonlyMap<string, string>;

/** What stands on top of each generated Markdown file. */
export const GENERATED_NOTE = '<!-- Written by `npm run generate`: change the code it is made from instead. -->';
