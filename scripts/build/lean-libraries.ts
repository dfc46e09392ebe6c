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

/** The schema of schemas, by which gRPC's loader describes each message to servers that tell what they offer; we only call. */
const DESCRIPTIONS = /[\\/]protobufjs[\\/]ext[\\/]descriptor[\\/]index\.js$/;
const PROTO_LOADER = /[\\/]@grpc[\\/]proto-loader[\\/]build[\\/]src[\\/]index\.js$/;
const DESCRIBING: ReadonlyArray<[string, string]> = [
  ["root.toDescriptor('proto3').file", '[]'],
  ["message.toDescriptor('proto3')", 'undefined'],
  ["enumType.toDescriptor('proto3')", 'undefined'],
  ['messageDescriptor.$type.toObject(messageDescriptor, descriptorOptions)', '{}'],
  ['enumDescriptor.$type.toObject(enumDescriptor, descriptorOptions)', '{}'],
];

/** A text without what is described; refuses one that says it otherwise than the version that this was written for. */
const undescribed = (text: string): string =>
  DESCRIBING.reduce((read, [found, instead]) => {
    if (!read.includes(found)) throw new Error(`@grpc/proto-loader does not say ${found}: see what it says now`);
    return read.replace(found, instead);
  }, text);

/** Of the HTTP client that the Kubernetes client brings, what that one calls. */
const UNDICI = /[\\/]node_modules[\\/]undici[\\/]index\.js$/;
const UNDICI_PARTS = `
module.exports.Agent = require('./lib/dispatcher/agent');
module.exports.ProxyAgent = require('./lib/dispatcher/proxy-agent');
const { fetch } = require('./lib/web/fetch');
module.exports.fetch = fetch;`;

/** What the Kubernetes client signs in with where a kubeconfig says so, and reads one by; ours has a token and is an object. */
const KUBECONFIGS = /[\\/]node_modules[\\/](openid-client|jsonpath-plus|js-yaml)[\\/].*\.m?js$/;

/** Of the Kubernetes client, its configuration and its transport, in the place of all models and APIs beside them. */
const KUBERNETES_PARTS: ReadonlyArray<[RegExp, string]> = [
  [
    /[\\/]@kubernetes[\\/]client-node[\\/]dist[\\/]index\.js$/,
    "import './polyfill.js'; export * from './config.js'; export * from './gen/http/http.js'; export * from './gen/http/isomorphic-fetch.js';",
  ],
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
    build.onLoad({ filter: DESCRIPTIONS }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    build.onLoad({ filter: PROTO_LOADER }, async ({ path }) => ({
      contents: undescribed(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    build.onLoad({ filter: UNDICI }, ({ path }) => ({
      contents: UNDICI_PARTS,
      loader: 'js',
      resolveDir: dirname(path),
    }));
    build.onLoad({ filter: KUBECONFIGS }, () => ({ contents: 'export {};', loader: 'js' }));
    for (const [filter, contents] of KUBERNETES_PARTS) {
      // Relative to where the library's own module stands.
      build.onLoad({ filter }, ({ path }) => ({ contents, loader: 'js', resolveDir: dirname(path) }));
    }
  },
};
