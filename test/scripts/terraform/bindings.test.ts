import { strict as assert } from 'node:assert';
import { readBindings } from '../../../scripts/terraform/bindings.ts';

/** As the bindings of a resource are published, without what is not read. */
const SOURCE = `
export function sampleRuleToHclTerraform(struct) {
    const attrs = {
        ports: {
            value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(struct.ports),
            isBlock: false,
            type: "list",
            storageClassType: "stringList",
        },
    };
}
export class SampleRuleOutputReference extends cdktn.ComplexObject {
    // ports - computed: false, optional: true, required: false
    _ports;
    get ports() {
        return this.getListAttribute('ports');
    }
}
export class SampleStatusOutputReference extends cdktn.ComplexObject {
    // code - computed: true, optional: false, required: false
    get code() {
        return this.getNumberAttribute('code');
    }
}
export class Sample extends cdktn.TerraformResource {
    // name - computed: false, optional: false, required: true
    _name;
    get name() {
        return this.getStringAttribute('name');
    }
    // secret_wo - computed: false, optional: true, required: false
    _secretWo;
    // status - computed: true, optional: false, required: false
    _status = new SampleStatusList(this, "status", false);
    // rule - computed: false, optional: true, required: false
    _rule = new SampleRuleOutputReference(this, "rule");
    synthesizeHclAttributes() {
        const attrs = {
            secret_wo: {
                value: cdktn.stringToHclTerraform(this._secretWo),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            rule: {
                value: sampleRuleToHclTerraform(this._rule.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "SampleRuleList",
            },
        };
    }
}
`;

const DECLARATIONS = `
export interface SampleConfig extends cdktn.TerraformMetaArguments {
    /**
    * Its name. Possible values: ["ONE", "OTHER"]
    */
    readonly name: string;
    /**
    * A rule.
    */
    readonly rule?: SampleRule;
}
`;

describe('scripts/terraform/bindings', () => {
  it('reads the values that a field may have', () => {
    const { attributes } = readBindings(SOURCE, DECLARATIONS);
    assert.deepEqual(attributes.name, { type: 'string', required: true, values: ['ONE', 'OTHER'] });
    assert.equal(attributes.secret_wo?.values, undefined);
  });

  it('reads attributes and blocks, with their types and who sets them', () => {
    assert.deepEqual(readBindings(SOURCE), {
      attributes: {
        name: { type: 'string', required: true },
        secret_wo: { type: 'string', optional: true },
        status: { type: ['list', ['object', { code: 'number' }]], computed: true },
      },
      block_types: {
        rule: {
          nesting_mode: 'list',
          max_items: 1,
          block: { attributes: { ports: { type: ['list', 'string'], optional: true } }, block_types: {} },
        },
      },
    });
  });

  it('refuses what it cannot read instead of leaving it out', () => {
    assert.throws(() => readBindings(SOURCE.replace("getNumberAttribute('code')", "getOddAttribute('code')")), /code/);
    assert.throws(() => readBindings('export const nothing = 1;'), /no resource/);
    assert.throws(() => readBindings(SOURCE.replaceAll(/^ *\/\/ .*\n/gm, '')), /no attributes/);
  });
});
