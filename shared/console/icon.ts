import { type Html, html, markupOf } from '../views/html/escape.ts';

/** A flame before a wall that holds: the drawing itself, without the element around it. */
export const ICON_PATHS: Html = html`<path fill="#c8430d" d="M12.5 1c.8 3.400-1.200 5.200-2.800 7-1.500 1.700-2.700 3.300-2.700 5.600 0 1.700.7 3.100 1.900 4.100-.4-2.300.6-3.900 1.900-5.200.2 1.400.8 2.200 1.600 2.900.4-2.700 1.700-3.900 1.500-6.300 2 1.700 3.100 3.600 3.100 5.800 0 1-.2 1.900-.6 2.700C17.600 16.600 18.300 15 18.300 13.200 18.300 8.500 14.300 6.100 12.500 1z"></path><path fill="#7a8696" d="M2 18h6v2H2zm7 0h6v2H9zm7 0h6v2h-6zM2 21h3v2H2zm4 0h6v2H6zm7 0h6v2h-6zm7 0h2v2h-2z"></path>`;

/** The icon as a file. */
export const ICON = markupOf(html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${ICON_PATHS}</svg>`);
