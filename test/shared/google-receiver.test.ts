import { strict as assert } from 'node:assert';
import { isGoogleReceiver } from '../../shared/google-receiver.ts';
import { LOCALS } from '../terraform/parsed.ts';

const [, pattern = ''] = /regex\("([^"]+)"/.exec(Object(LOCALS.wanted).traces) ?? [];

describe('isGoogleReceiver', () => {
  const endpoints: Array<[string, boolean]> = [
    ['https://telemetry.googleapis.com', true],
    ['https://telemetry.googleapis.com/', true],
    ['https://telemetry.googleapis.com:443', true],
    ['https://TELEMETRY.googleapis.com', true],
    ['https://telemetry.europe-west1.rep.googleapis.com/otlp', true],
    ['http://telemetry.googleapis.com', false],
    ['https://telemetry.googleapis.com:8443', false],
    ['https://googleapis.com', false],
    ['https://telemetry-googleapis.com', false],
    ['https://telemetry.googleapis.com.example.com', false],
    ['https://otel.example.com/telemetry.googleapis.com', false],
    ['http://127.0.0.1:4318', false],
  ];
  for (const [endpoint, is] of endpoints)
    it(`${is ? 'gives' : 'does not give'} the token to ${endpoint}, and Terraform grants the permission for it alike`, () => {
      assert.equal(isGoogleReceiver(endpoint), is);
      assert.equal(new RegExp(pattern).test(endpoint.toLowerCase()), is);
    });
});
