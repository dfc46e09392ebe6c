import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Classes of every message of an API, 4 MB in all: each client library hands them on to whoever would write messages with
 * them, and uses the definitions beside them itself.
 */
const MESSAGE_CLASSES =
  /[\\/](@google-cloud[\\/](firestore-api|pubsub|pubsub-api|monitoring)[\\/]build[\\/]protos[\\/]protos|google-gax[\\/]build[\\/]protos[\\/](iam_service|operations|locations))\.js$/;

/** The same of Firestore's own; it names one when it is loaded, and makes messages by it in pipelines, which are not used. */
const FIRESTORE_CLASSES = /[\\/]@google-cloud[\\/]firestore[\\/]build[\\/]protos[\\/]firestore_v1_proto_api\.js$/;

/** Definitions of services that clients of other services bring along, and that nothing here calls. */
const SIDE_SERVICES = /[\\/]google-gax[\\/]build[\\/]protos[\\/](iam_service|locations)\.json$/;

/**
 * The library that makes messages by definitions writes, for each of them, the code of five functions at its first use. Ours
 * are read from JSON and written to it, which takes one or two.
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

/** A text with each function made when it is called; refuses one that says it otherwise than the version this was written for. */
const madeLater = (text: string): string => {
  if (text.match(MADE)?.length !== 5) throw new Error('protobufjs makes its functions otherwise: see how it does now');
  return `${LATER}\n${text.replace(MADE, 'this.$1 = later(() => $2(this)($3));')}`;
};

/** Names of characters, for Storage's client where a page of HTML came in the place of an error. */
const CHARACTERS = /^html-entities$/;

/** Of the package of Firestore's API, the client of documents; beside it is one that administers databases. */
const FIRESTORE_API = /[\\/]@google-cloud[\\/]firestore-api[\\/]build[\\/]src[\\/]index\.js$/;

/** What the Kubernetes client signs in with where a kubeconfig says so, and reads one by; ours has a token and is an object. */
const KUBECONFIGS = /[\\/]node_modules[\\/](openid-client|jsonpath-plus|js-yaml)[\\/].*\.m?js$/;

/** Of the Kubernetes client, its configuration, in the place of all models and APIs beside it. */
const KUBERNETES_PARTS: ReadonlyArray<[RegExp, string]> = [
  [/[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]index\.js$/, "export * from './config.js';"],
  [
    /[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]gen[\\/]index\.js$/,
    "export { createConfiguration } from './configuration.js'; export * from './servers.js';",
  ],
];

/** Leaves out of client libraries what no call of ours needs. */
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
      // Relative to where the library's own module stands.
      build.onLoad({ filter }, ({ path }) => ({ contents, loader: 'js', resolveDir: dirname(path) }));
    }
  },
};
