/** The user that a bearer token stands for. A Google service account shows as its e-mail address or its numeric id. */
type Known = { user: string; groups?: readonly string[] };

const known = {
  admin: { user: 'admin', groups: ['system:masters'] },
  onlooker: { user: 'onlooker' },
  'firebreak-contain': { user: 'firebreak-contain@p1.iam.gserviceaccount.com' },
  'firebreak-contain-id': { user: '100000000000000000001' },
  'firebreak-decide': { user: 'firebreak-decide@p1.iam.gserviceaccount.com' },
  'firebreak-decide-id': { user: '100000000000000000002' },
} as const satisfies Record<string, Known>;

export type Identity = keyof typeof known;

/** The tokens that the server under test knows: each token is the name of its identity. */
export const IDENTITIES: Readonly<Record<Identity, Known>> = known;
