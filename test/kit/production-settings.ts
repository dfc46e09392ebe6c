/** The variables of a deployed function. Nothing that they name is contacted before a message requires it. */
export const PRODUCTION_SETTINGS = {
  FIREBREAK_PROJECT: 'p1',
  FIREBREAK_BUS: 'pubsub',
  FIREBREAK_STORE: 'firestore:incidents',
  FIREBREAK_MEMORY_STORE: 'firestore:memory',
  FIREBREAK_EVIDENCE: 'gs://p1-evidence',
  FIREBREAK_CLUSTERS: '[{"project":"p1","location":"europe-west1","cluster":"c1"}]',
  GOOGLE_CLOUD_PROJECT: 'p1',
} as const;
