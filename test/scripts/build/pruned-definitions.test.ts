import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { prunedDefinitions } from '../../../scripts/build/pruned-definitions.ts';
import { COMPUTE_METHODS } from '../../../shared/adapters/compute-methods.ts';

const nested = <T>(of: T) => ({ nested: of });
const method = (requestType: string, responseType: string) => ({ requestType, responseType });
const DEFINITIONS = nested({
  google: nested({
    protobuf: nested({ Any: { fields: {} }, Unused: { fields: {} }, unused: { type: 'Any', id: 1, extend: 'Any' } }),
    api: nested({ Rule: { fields: {} } }),
    cloud: nested({
      compute: nested({
        v1: {
          options: { o: 1 },
          ...nested({
            Things: {
              options: { host: 'h' },
              methods: { Get: method('GetThing', 'Thing'), Set: method('Thing', 'Op') },
            },
            Others: { methods: { Get: method('GetThing', 'Other') } },
            GetThing: { fields: { id: { type: 'string', id: 1 } } },
            Thing: {
              fields: { inner: { type: '.google.cloud.compute.v1.Inner' }, any: { type: 'google.protobuf.Any' } },
            },
            Inner: { fields: { again: { type: 'Thing' } } },
            Op: { fields: {} },
            Other: { fields: {} },
          }),
        },
        v1beta: nested({ Things: { methods: {} } }),
      }),
    }),
  }),
});

const PATH = ['google', 'cloud', 'compute', 'v1'];

const versions = z.object({
  nested: z.object({
    google: z.object({
      nested: z.looseObject({
        cloud: z.object({
          nested: z.looseObject({ compute: z.object({ nested: z.record(z.string(), z.looseObject({})) }) }),
        }),
      }),
    }),
  }),
});
const level = z.object({ nested: z.object({ p: z.object({ nested: z.record(z.string(), z.unknown()) }) }) });
const versionsOf = (definitions: unknown) =>
  versions.parse(definitions).nested.google.nested.cloud.nested.compute.nested;

describe('prunedDefinitions', () => {
  it('keeps the called methods and the messages that they need, also from other packages', () => {
    const pruned = prunedDefinitions(DEFINITIONS, PATH, ['Things.Get']);
    const { Things, GetThing, Thing, Inner } = DEFINITIONS.nested.google.nested.cloud.nested.compute.nested.v1.nested;
    const kept = { Things: { ...Things, methods: { Get: Things.methods.Get } }, GetThing, Thing, Inner };
    assert.deepEqual(versionsOf(pruned), { v1: { options: { o: 1 }, nested: kept } });
    const { protobuf, api } = versions.parse(pruned).nested.google.nested;
    assert.deepEqual([protobuf, api], [nested({ Any: { fields: {} } }), undefined]);
  });

  it('resolves a type name within a message first, then around it', () => {
    const pruned = prunedDefinitions(
      nested({
        p: nested({
          S: { methods: { M: method('A', '.p.q.C') } },
          A: { fields: { own: { type: 'Inner' }, other: { type: 'B.Part' } }, ...nested({ Inner: { fields: {} } }) },
          Inner: { fields: { no: { type: 'Never' } } },
          B: { fields: {}, ...nested({ Part: { fields: { d: { type: 'D' } } } }) },
          D: { values: { NONE: 0 } },
          Never: { fields: {} },
          q: nested({ C: { fields: { d: { type: 'D' } } }, Never: { fields: {} } }),
        }),
      }),
      ['p'],
      ['S.M'],
    );
    const { q, ...names } = level.parse(pruned).nested.p.nested;
    assert.deepEqual(Object.keys(names), ['S', 'A', 'B', 'D']);
    assert.deepEqual(q, nested({ C: { fields: { d: { type: 'D' } } } }));
  });

  it('keeps only the named types within a message, and the messages around them', () => {
    const own = {
      fields: { kind: { type: 'Kind' } },
      ...nested({ Kind: { values: { A: 0 } }, Other: { values: { B: 0 } } }),
    };
    const pruned = prunedDefinitions(
      nested({
        p: nested({
          S: { methods: { M: method('Own', 'Around.Inner') } },
          Own: own,
          Around: {
            fields: { never: { type: 'Never' } },
            ...nested({ Inner: { fields: {} }, Unnamed: { fields: {} } }),
          },
          Never: { fields: {} },
        }),
      }),
      ['p'],
      ['S.M'],
    );
    const { Own, Around, ...names } = level.parse(pruned).nested.p.nested;
    assert.deepEqual(Own, { fields: own.fields, ...nested({ Kind: { values: { A: 0 } } }) });
    assert.deepEqual(Around, { fields: { never: { type: 'Never' } }, ...nested({ Inner: { fields: {} } }) });
    assert.deepEqual(Object.keys(names), ['S', 'Never']);
  });

  it('refuses a method that does not exist', () => {
    assert.throws(() => prunedDefinitions(DEFINITIONS, PATH, ['Things.Put']), /no method Things\.Put/);
    assert.throws(() => prunedDefinitions(DEFINITIONS, PATH, ['Nothing.Get']), /no method Nothing\.Get/);
  });

  it('reduces the definitions of the real client to less than a twentieth', () => {
    const file = createRequire(import.meta.url).resolve('@google-cloud/compute/build/protos/protos.json');
    const text = readFileSync(file, 'utf8');
    const pruned = JSON.stringify(prunedDefinitions(JSON.parse(text), PATH, COMPUTE_METHODS));
    assert.ok(pruned.length < text.length / 20, `${pruned.length} of ${text.length}`);
  });
});
