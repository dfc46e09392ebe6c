/** A block in the form of `terraform providers schema -json`, with only the fields used here. */
type Block = {
  attributes: Record<
    string,
    { type: unknown; required?: true; optional?: true; computed?: true; values?: readonly string[] }
  >;
  block_types: Record<
    string,
    { nesting_mode: 'single' | 'list' | 'set'; min_items?: number; max_items?: number; block: Block }
  >;
};

type Field = {
  name: string;
  how: { computed: boolean; optional: boolean; required: boolean };
  /** The code after the field's comment: its getter, or the class field that holds it. */
  made: string;
};

const SIMPLE: ReadonlyArray<[pattern: RegExp, type: unknown]> = [
  [/Fn\.tolist\(this\.getListAttribute/, ['set', 'string']],
  [/Fn\.tolist\(this\.getNumberListAttribute/, ['set', 'number']],
  [/this\.getStringAttribute/, 'string'],
  [/this\.getNumberAttribute/, 'number'],
  [/this\.getBooleanAttribute/, 'bool'],
  [/this\.getListAttribute/, ['list', 'string']],
  [/this\.getNumberListAttribute/, ['list', 'number']],
  [/this\.getStringMapAttribute|new cdktn\.StringMap\(/, ['map', 'string']],
  [/this\.getBooleanMapAttribute|new cdktn\.BooleanMap\(/, ['map', 'bool']],
  [/this\.getNumberMapAttribute|new cdktn\.NumberMap\(/, ['map', 'number']],
];

const FIELD =
  /^ {4}\/\/ (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n((?: {4}(?!\/\/ \w+ - computed).*\n){1,3})/gm;

const classesOf = (source: string): Map<string, string> =>
  new Map(
    [...source.matchAll(/^(?:export )?class (\w+) extends [\s\S]*?^}/gm)].map(([text, name = '']) => [name, text]),
  );

const fieldsOf = (text: string): Field[] =>
  [...text.matchAll(FIELD)].map(([, name = '', computed, optional, required, made = '']) => ({
    name,
    how: { computed: computed === 'true', optional: optional === 'true', required: required === 'true' },
    made,
  }));

/**
 * The fields that are written as blocks, with their kind, from the functions that write a struct or a resource as HCL.
 */
const blocksOf = (text: string): Map<string, string> =>
  new Map(
    [
      ...text.matchAll(
        /^ {12}"?(\w+)"?: \{\n.*\n {16}isBlock: true,\n {16}type: "(\w+)"|^ {8}"?(\w+)"?: \{\n.*\n {12}isBlock: true,\n {12}type: "(\w+)"/gm,
      ),
    ].map(([, name = '', type = '', inner = '', innerType = '']) => (name === '' ? [inner, innerType] : [name, type])),
  );

const STORED: Readonly<Record<string, unknown>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
  stringList: ['list', 'string'],
  stringMap: ['map', 'string'],
};

/** The type of a field without a getter (write-only, or of the provider itself), from the code that writes it. */
const storedType = (writer: string, name: string): unknown => {
  const stored = new RegExp(`"?${name}"?: \\{\\n.*\\n.*isBlock: false,\\n.*\\n.*storageClassType: "(\\w+)"`).exec(
    writer,
  )?.[1];
  return stored === undefined ? undefined : STORED[stored];
};

const NESTING: Readonly<Record<string, 'single' | 'list' | 'set'>> = { struct: 'single', set: 'set', list: 'list' };

const lower = (name: string): string => `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;

/** For each interface: the possible values that its documentation lists for a field, by the field's name in HCL. */
const choicesOf = (declarations: string): Map<string, ReadonlyMap<string, readonly string[]>> =>
  new Map(
    [...declarations.matchAll(/^export interface (\w+) [\s\S]*?^}/gm)].map(([text, name = '']) => [
      name,
      new Map(
        [...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\??:/g)].flatMap(
          ([, said = '', field = '']) => {
            const [, listed] = /Possible values: \[([^\]]*)\]/.exec(said) ?? [];
            const values = [...(listed ?? '').matchAll(/"([^"]*)"/g)].map(([, value = '']) => value);
            const snake = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
            return values.length === 0 ? [] : [[snake, values] as const];
          },
        ),
      ),
    ]),
  );

/**
 * Reads the schema of one resource, data source or provider from its published bindings (`lib/NAME/index.js`): names,
 * types and nesting, by which a plan is checked. The possible values of fields come from `index.d.ts`. Checks in the
 * provider's own code are not included.
 */
export const readBindings = (source: string, declarations = ''): Block => {
  const classes = classesOf(source);
  const choices = choicesOf(declarations);
  const writerOf = (struct: string): string => {
    const name = `${lower(struct)}ToHclTerraform`;
    return new RegExp(`^(?:export )?function ${name}\\([\\s\\S]*?^}`, 'm').exec(source)?.[0] ?? '';
  };

  const nestedOf = (made: string): { struct: string; many: boolean; set: boolean } | undefined => {
    const [, name, list, set] = /new (\w+?)(List|OutputReference)\(this, "\w+"(?:, (true|false))?/.exec(made) ?? [];
    return name === undefined ? undefined : { struct: name, many: list === 'List', set: set === 'true' };
  };

  const add = (block: Block, { name, how, made }: Field, struct: string, writer: string): void => {
    const nested = nestedOf(made);
    if (nested === undefined) {
      const type = SIMPLE.find(([pattern]) => pattern.test(made))?.[1] ?? storedType(writer, name);
      if (type === undefined) throw new Error(`${name} is of no known type: ${made.trim()}`);
      const values = choices.get(struct)?.get(name);
      block.attributes[name] = { type, ...flags(how), ...(values === undefined ? {} : { values }) };
      return;
    }
    const written = blocksOf(writer).get(name);
    const inner = blockOf(classes.get(`${nested.struct}OutputReference`) ?? '', nested.struct, writerOf(nested.struct));
    if (written === undefined) {
      block.attributes[name] = { type: [nested.set ? 'set' : 'list', objectOf(inner)], ...flags(how) };
      return;
    }
    block.block_types[name] = {
      nesting_mode: NESTING[written] ?? 'list',
      ...(how.required ? { min_items: 1 } : {}),
      ...(nested.many || written === 'struct' ? {} : { max_items: 1 }),
      block: inner,
    };
  };

  const blockOf = (text: string, struct: string, writer: string): Block => {
    const block: Block = { attributes: {}, block_types: {} };
    for (const field of fieldsOf(text)) add(block, field, struct, writer);
    return block;
  };

  const [kind = '', main = ''] =
    [...classes].find(([, text]) => /extends cdktn\.Terraform(Resource|DataSource|Provider)\b/.test(text)) ?? [];
  if (main === '') throw new Error('no resource, data source or provider is defined here');
  const block = blockOf(main, `${kind}Config`, main);
  if (Object.keys(block.attributes).length === 0) throw new Error('no attributes are described here as expected');
  return block;
};

const flags = ({ computed, optional, required }: Field['how']) => ({
  ...(required ? { required: true as const } : {}),
  ...(optional ? { optional: true as const } : {}),
  ...(computed ? { computed: true as const } : {}),
});

const objectOf = ({ attributes, block_types }: Block): unknown => [
  'object',
  {
    ...Object.fromEntries(Object.entries(attributes).map(([name, { type }]) => [name, type])),
    ...Object.fromEntries(
      Object.entries(block_types).map(([name, { nesting_mode, block }]) => [
        name,
        [nesting_mode === 'set' ? 'set' : 'list', objectOf(block)],
      ]),
    ),
  },
];
