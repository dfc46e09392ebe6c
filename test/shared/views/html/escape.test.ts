import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { block, foreign, html, markupOf, type Part } from '../../../../shared/views/html/escape.ts';

const made = (part: Part): string => markupOf(html`<p title="${part}">${part}</p>`);

describe('markup from a template', () => {
  it('escapes foreign text in an element and in an attribute', () => {
    assert.equal(
      made(`"><script>alert('1')</script>&\``),
      (() => {
        const text = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&#96;';
        return `<p title="${text}">${text}</p>`;
      })(),
    );
  });

  it('removes characters that hide or reorder text', () => {
    assert.equal(markupOf(html`${'pod \u202egnp.exe\u0000'}`), 'pod  gnp.exe');
  });

  it('cuts text that is too long to read', () => {
    assert.equal(markupOf(html`${'x'.repeat(10_000)}`).length, 2000);
    assert.equal(markupOf(foreign('x'.repeat(10_000), 20)), `<bdi>${'x'.repeat(19)}…</bdi>`);
  });

  it('inserts markup unchanged, the items of a list in turn, and nothing for undefined, null and false', () => {
    const items = ['a<', 'b'].map((text) => html`<li>${text}</li>`);
    assert.equal(
      markupOf(html`<ul>${items}${undefined}${null}${false}${0}</ul>`),
      '<ul><li>a&lt;</li><li>b</li>0</ul>',
    );
  });

  it('throws for an object that only looks like markup', () => {
    const read: unknown = JSON.parse('{"markup":"<b>","Symbol(markup)":"<b>"}');
    assert.throws(() => html`${read as Part}`, TypeError);
  });

  it('keeps the lines and the indentation of a block, and says where it cuts', () => {
    assert.equal(markupOf(block('a:\n  b: <c>')), '<pre tabindex="0">a:\n  b: &lt;c&gt;</pre>');
    assert.match(
      markupOf(block('abcdef', 3)),
      /^<pre tabindex="0">abc\n… cut here: the whole is 6 characters long<\/pre>$/,
    );
    assert.equal(markupOf(block('a\n'.repeat(1000))).split('\n').length, 401);
  });

  it('lets no character of a text open a tag, end an attribute or begin a reference', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const inner = markupOf(html`${text}`);
        assert.doesNotMatch(inner, /[<>"'`]|&(?!amp;|lt;|gt;|quot;|#39;|#96;)/);
      }),
    );
  });
});
