/** Something that remains to be done: why, and the commands for it, if there are any. */
export type Todo = { text: string; commands: string[] };

export const todo = (text: string, ...commands: string[]): Todo => ({ text, commands });
