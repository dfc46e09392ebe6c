import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Classes for every message of an API, 4 MB in all. Each client library only re-exports them for its users, and itself
 * works with the definitions beside them.
 */
const MESSAGE_CLASSES =
  /[\\/](@google-cloud[\\/](firestore-api|pubsub|pubsub-api|monitoring)[\\/]build[\\/]protos[\\/]protos|google-gax[\\/]build[\\/]protos[\\/](iam_service|operations|locations))\.js$/;

/**
 * Firestore's own message classes. The library names one when it is loaded, and uses them in pipelines, which Firebreak
 * does not use.
 */
const FIRESTORE_CLASSES = /[\\/]@google-cloud[\\/]firestore[\\/]build[\\/]protos[\\/]firestore_v1_proto_api\.js$/;

/** Definitions of further services that client libraries include and that nothing here calls. */
const SIDE_SERVICES = /[\\/]google-gax[\\/]build[\\/]protos[\\/](iam_service|locations)\.json$/;

/**
 * protobufjs generates the code of five functions for each message at its first use. The messages used here are only
 * converted from or to JSON, which takes one or two of these functions.
 */
const MESSAGES = /[\\/]protobufjs[\\/]src[\\/]type\.js$/;
const LATER = `const later = (make) => {
  let made;
  return function () {
    made ??= make();
    return made.apply(this, arguments);
  };
};`;
const MADE = /this\.(\w+) = ([\w.]+)\(this\)\((\{[^}]*\})\);/g;

/**
 * Changes the text so that each function is generated at its first call. Throws if the library's code is not the
 * expected one.
 */
const madeLater = (text: string): string => {
  if (text.match(MADE)?.length !== 5) throw new Error('protobufjs makes its functions otherwise: see how it does now');
  return `${LATER}\n${text.replace(MADE, 'this.$1 = later(() => $2(this)($3));')}`;
};

/** Names of HTML characters. Storage's client needs them only if a page of HTML arrives in place of an error. */
const CHARACTERS = /^html-entities$/;

/**
 * Index of the package of Firestore's API. Only the client for documents is kept, not the one that administers
 * databases.
 */
const FIRESTORE_API = /[\\/]@google-cloud[\\/]firestore-api[\\/]build[\\/]src[\\/]index\.js$/;

/**
 * Parts of the Kubernetes client that read a kubeconfig and sign in as it says. Firebreak passes an object with a token
 * instead.
 */
const KUBECONFIGS = /[\\/]node_modules[\\/](openid-client|jsonpath-plus|js-yaml)[\\/].*\.m?js$/;

/** Replaces parts of the Kubernetes client, so that only its configuration remains, without all models and APIs. */
const KUBERNETES_PARTS: ReadonlyArray<[RegExp, string]> = [
  [/[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]index\.js$/, "export * from './config.js';"],
  [
    /[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]gen[\\/]index\.js$/,
    "export { createConfiguration } from './configuration.js'; export * from './servers.js';",
  ],
];

/** Leaves out the parts of client libraries that no call of Firebreak needs. */
export const leanLibraries: Plugin = {
  name: 'lean-libraries',
  setup: (build) => {
    build.onLoad({ filter: MESSAGE_CLASSES }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    build.onLoad({ filter: FIRESTORE_CLASSES }, () => ({
      contents: 'module.exports = { google: { firestore: { v1: {} } } };',
      loader: 'js',
    }));
    build.onLoad({ filter: SIDE_SERVICES }, () => ({ contents: 'module.exports = { nested: {} };', loader: 'js' }));
    build.onLoad({ filter: MESSAGES }, async ({ path }) => ({
      contents: madeLater(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    build.onLoad({ filter: FIRESTORE_API }, ({ path }) => ({
      contents: "exports.v1 = { FirestoreClient: require('./v1/firestore_client').FirestoreClient };",
      loader: 'js',
      resolveDir: dirname(path),
    }));
    build.onLoad({ filter: KUBECONFIGS }, () => ({ contents: 'export {};', loader: 'js' }));
    build.onResolve({ filter: CHARACTERS }, ({ path, namespace, resolveDir }) =>
      namespace === 'later' ? undefined : { path, namespace: 'later', pluginData: resolveDir },
    );
    build.onLoad({ filter: CHARACTERS, namespace: 'later' }, ({ pluginData: resolveDir }) => ({
      contents: "exports.decode = (...given) => require('html-entities').decode(...given);",
      loader: 'js',
      resolveDir,
    }));
    for (const [filter, contents] of KUBERNETES_PARTS) {
      // Resolved relative to the library's own module.
      build.onLoad({ filter }, ({ path }) => ({ contents, loader: 'js', resolveDir: dirname(path) }));
    }
  },
};
