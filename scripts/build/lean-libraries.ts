import type { Plugin } from 'esbuild';

/**
 * Classes of every message of an API, 4 MB in all: each client library hands them on to whoever would write messages with
 * them, and uses the definitions beside them itself.
 */
const MESSAGE_CLASSES =
  /[\\/](@google-cloud[\\/](firestore-api|pubsub|pubsub-api|monitoring)[\\/]build[\\/]protos[\\/]protos|google-gax[\\/]build[\\/]protos[\\/](iam_service|operations|locations))\.js$/;

/** The same of Firestore's own; it names one when it is loaded, and makes messages by it in pipelines, which are not used. */
const FIRESTORE_CLASSES = /[\\/]@google-cloud[\\/]firestore[\\/]build[\\/]protos[\\/]firestore_v1_proto_api\.js$/;

/** Libraries of which a part is used, and whose modules do nothing by being imported. */
const PARTLY_USED = /[\\/]@kubernetes[\\/]client-node[\\/]/;

/** Leaves out of client libraries what no call of ours needs. */
export const leanLibraries: Plugin = {
  name: 'lean-libraries',
  setup: (build) => {
    build.onLoad({ filter: MESSAGE_CLASSES }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    build.onLoad({ filter: FIRESTORE_CLASSES }, () => ({
      contents: 'module.exports = { google: { firestore: { v1: {} } } };',
      loader: 'js',
    }));
    build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === leanLibraries) return undefined;
      if (!path.startsWith('@kubernetes/client-node') && !PARTLY_USED.test(from.importer)) return undefined;
      const found = await build.resolve(path, { ...from, pluginData: leanLibraries });
      return PARTLY_USED.test(found.path) ? { ...found, sideEffects: false } : found;
    });
  },
};
