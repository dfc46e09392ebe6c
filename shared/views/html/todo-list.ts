import type { Todo } from '../report-todo.ts';
import { block, foreign, type Html, html } from './escape.ts';

const todoHtml = ({ text, commands }: Todo): Html =>
  html`<li><p>${foreign(text, 1000)}</p>${commands.length === 0 ? undefined : block(commands.join('\n'))}</li>`;

/** What remains to be done, part by part, with the commands that a person would type. */
export const todoList = (parts: ReadonlyArray<{ title: string; todos: readonly Todo[] }>): Html =>
  parts.length === 0
    ? html`<p>Nothing.</p>`
    : html`${parts.map(({ title, todos }) => html`<h3>${title}</h3><ul class="remains">${todos.map(todoHtml)}</ul>`)}`;
