import { load } from './load.mjs';

// What the framework loads of a deployed package. `.mjs`, since for `.js` it first loads a library that finds
// package.json.

await load(`${import.meta.dirname}/main.js`).started;
