import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * The library shared by Google's clients. All clients call over HTTP, and import its parts without gRPC under this
 * name.
 */
const GAX = /[\\/]google-gax[\\/]build[\\/]src[\\/]index\.js$/;
const GAX_PARTS = `
const fallback = require('./fallback');
module.exports = {
  ...fallback,
  loggingUtils: require('google-logging-utils'),
  Status: require('./status').Status,
  decodeAnyProtosInArray: require('./util').decodeAnyProtosInArray,
  // Firestore asks for this where it is an emulator, and does not use it.
  grpc: { credentials: { createInsecure: () => undefined } },
};`;

/**
 * Libraries that use classes which Node.js and browsers share. At the first use of `Headers`, Node.js loads its whole
 * `fetch`, 15 ms. These libraries send with node-fetch, which has the same classes.
 */
const SENDING =
  /[\\/]node_modules[\\/](?:.*[\\/])?(gaxios|google-auth-library|google-gax|teeny-request|@google-cloud[\\/]storage)[\\/]build[\\/].*\.js$/;
const OF_FETCH = /\b(new|instanceof) (?:globalThis\.)?(Headers|FormData)\b/g;

/**
 * The same for streams, 3 ms. Libraries check for them although there is nothing to send, or provide them for an old
 * Node.js.
 */
const OF_STREAMS = /\bopts\.data instanceof ReadableStream\b/g;
const STREAMS = /[\\/]node_modules[\\/]fetch-blob[\\/]streams\.cjs$/;

/**
 * An `AbortSignal.timeout` keeps everything of its call in memory, the request included, until its time is over, even
 * if the call ends early.
 */
const STUB = /[\\/]google-gax[\\/]build[\\/]src[\\/]fallbackServiceStub\.js$/;
const ENDS_BY_ITSELF = 'const timeoutSignal = AbortSignal.timeout(timeoutMs);';
const ENDS_WITH_CALL = `const ending = new AbortController();
const late = setTimeout(() => ending.abort(), timeoutMs);
const answered = callback;
callback = (...given) => { clearTimeout(late); answered?.(...given); };
const timeoutSignal = ending.signal;`;

/** Changes the text so that a signal ends with its call. Throws if the library's code is not the expected one. */
const endingWithCall = (text: string): string => {
  if (!text.includes(ENDS_BY_ITSELF)) throw new Error('google-gax times a call otherwise: see how it does now');
  return text.replace(ENDS_BY_ITSELF, ENDS_WITH_CALL);
};

/** Classes that other code recognizes by name; the bundle shortens names. */
const NAMED: ReadonlyArray<[RegExp, string]> = [
  [
    /[\\/]node_modules[\\/]long[\\/]umd[\\/]index\.js$/,
    "Object.defineProperty(module.exports, 'name', { value: 'Long' });",
  ],
  [
    /[\\/]node_modules[\\/]node-fetch[\\/]src[\\/]errors[\\/]abort-error\.js$/,
    "Object.defineProperty(AbortError, 'name', { value: 'AbortError' });",
  ],
];

/**
 * Packages with which the Kubernetes client would send, itself or through a proxy. It only provides a configuration and
 * sends nothing.
 */
const UNSENT = /[\\/]node_modules[\\/](undici|hpagent|socks[\\/]build)[\\/]index\.js$/;
const UNSENT_PROXY = /[\\/]node_modules[\\/]socks-proxy-agent[\\/].*\.js$/;

/**
 * Makes all clients of a bundle send with google-auth-library's HTTP client, and with modules that Node.js has loaded
 * anyway.
 */
export const oneTransport: Plugin = {
  name: 'one-transport',
  setup: (build) => {
    build.onLoad({ filter: GAX }, ({ path }) => ({ contents: GAX_PARTS, loader: 'js', resolveDir: dirname(path) }));
    build.onLoad({ filter: SENDING }, async ({ path }) => {
      const read = await readFile(path, 'utf8');
      const text = STUB.test(path) ? endingWithCall(read) : read;
      if (text.match(OF_FETCH) === null) return undefined;
      const take = /^import /m.test(text)
        ? "import { FormData, Headers } from 'node-fetch';"
        : "const { FormData, Headers } = require('node-fetch');";
      return {
        contents: `${take}\n${text.replace(OF_FETCH, '$1 $2').replace(OF_STREAMS, '(opts.data !== undefined && $&)')}`,
        loader: 'js',
        resolveDir: dirname(path),
      };
    });
    build.onLoad({ filter: STREAMS }, () => ({ contents: '', loader: 'js' }));
    for (const [filter, named] of NAMED) {
      build.onLoad({ filter }, async ({ path }) => ({
        contents: `${await readFile(path, 'utf8')}\n${named}`,
        loader: 'js',
        resolveDir: dirname(path),
      }));
    }
    build.onLoad({ filter: UNSENT }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    build.onLoad({ filter: UNSENT_PROXY }, () => ({
      contents: 'export const SocksProxyAgent = undefined;',
      loader: 'js',
    }));
  },
};
