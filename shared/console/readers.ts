import { Denied } from '../errors.ts';
import type { DocStore, Evidence } from '../ports.ts';

/** A store without the methods that change it. */
export const readerOf = <T>({ get, list }: DocStore<T>): Pick<DocStore<T>, 'get' | 'list'> => ({ get, list });

/** The only kind of exhibit that the console may read: names of what stays valid. Logs and manifests are refused. */
const VALID = /^incidents\/[a-z0-9-]{1,80}\/[A-Za-z0-9-]{1,80}\/objects\/what-stays-valid\.json$/;

/** The evidence as the console may read it. Throws Denied, without asking the store, for any other key. */
export const exhibitReader = ({ get }: Pick<Evidence, 'get'>): Pick<Evidence, 'get'> => ({
  get: async (key) => {
    if (!VALID.test(key)) throw new Denied(`${key} is not for the console`);
    return get(key);
  },
});
