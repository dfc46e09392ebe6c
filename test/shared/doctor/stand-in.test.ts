import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { healthy } from './deployment.ts';

const require = createRequire(import.meta.url);

const folderOf = (library: string, ...path: string[]): string => {
  const own = join('node_modules', library);
  const entry = require.resolve(library);
  return join(entry.slice(0, entry.lastIndexOf(own) + own.length), ...path);
};

/** The protobuf definitions from which a client library was made. */
const definitions = (library: string, ...path: string[]): protobuf.Namespace =>
  protobuf.Root.fromJSON(JSON.parse(readFileSync(folderOf(library, ...path), 'utf8'))).resolveAll();

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Messages that JSON writes as a scalar. */
const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  '.google.protobuf.Duration': (value) => typeof value === 'string' && /^\d+(\.\d+)?s$/.test(value),
  '.google.protobuf.Timestamp': (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  '.google.protobuf.BoolValue': (value) => typeof value === 'boolean',
};

const isScalar = (type: string, value: unknown): boolean => {
  if (type === 'string') return typeof value === 'string';
  return type === 'bool' ? typeof value === 'boolean' : /^(u?int|s?fixed)(32)$/.test(type) && typeof value === 'number';
};

const checkValue = (field: protobuf.Field, value: unknown, path: string): void => {
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum) assert.ok(Object.hasOwn(type.values, String(value)), `${path}: ${String(value)}`);
  else if (type instanceof protobuf.Type) {
    const scalar = SCALARS[type.fullName];
    if (scalar === undefined) checkMessage(type, value, path);
    else assert.ok(scalar(value), path);
  } else assert.ok(isScalar(field.type, value), `${path}: no ${field.type}`);
};

/** Checks JSON against a message: every field must exist in the message and have its type. */
const checkMessage = (type: protobuf.Type, value: unknown, path: string): void => {
  assert.ok(typeof value === 'object' && value !== null, path);
  const fields = new Map(type.fieldsArray.map((field) => [camel(field.name), field]));
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const field = fields.get(key);
    assert.ok(field, `${path}.${key} is no field of ${type.fullName}`);
    const each = field instanceof protobuf.MapField ? Object.values(Object(inner)) : field.repeated ? inner : [inner];
    assert.ok(Array.isArray(each), `${path}.${key} is no list`);
    for (const one of each) checkValue(field, one, `${path}.${key}`);
  }
};

describe('the stand-in for the services', () => {
  const deployment = healthy();

  it('gives topics and subscriptions in the format of Pub/Sub', () => {
    const root = definitions('@google-cloud/pubsub', 'build', 'protos', 'protos.json');
    for (const one of deployment.topics) checkMessage(root.lookupType('google.pubsub.v1.Topic'), one, 'topic');
    const type = root.lookupType('google.pubsub.v1.Subscription');
    for (const one of deployment.subscriptions) checkMessage(type, one, 'subscription');
  });

  it('gives databases and fields in the format of Firestore', () => {
    const root = definitions('@google-cloud/firestore', 'build', 'protos', 'admin_v1.json');
    const of = (name: string) => root.lookupType(`google.firestore.admin.v1.${name}`);
    for (const one of deployment.databases) checkMessage(of('Database'), one, 'database');
    for (const one of deployment.fields) checkMessage(of('Field'), one, 'field');
  });

  it('gives channels and alerting policies in the format of Cloud Monitoring', () => {
    const root = definitions('@google-cloud/monitoring', 'build', 'protos', 'protos.json');
    const of = (name: string) => root.lookupType(`google.monitoring.v3.${name}`);
    for (const one of deployment.channels) checkMessage(of('NotificationChannel'), one, 'channel');
    for (const one of deployment.alerts) checkMessage(of('AlertPolicy'), one, 'policy');
  });

  it('gives IAM policies and audit settings in the format of IAM', () => {
    const protos = folderOf('google-gax', 'build', 'protos');
    const root = new protobuf.Root();
    root.resolvePath = (_, target) => (target.startsWith(protos) ? target : join(protos, target));
    const type = root
      .loadSync(join(protos, 'google/iam/v1/policy.proto'))
      .resolveAll()
      .lookupType('google.iam.v1.Policy');
    for (const [name, one] of Object.entries(deployment.policies)) checkMessage(type, one, name);
    checkMessage(type, deployment.policy, 'project');
  });
});
