import { html, verbatim } from '../../../bin/report/markup.ts';

test('what is put into a template is escaped, in elements and in attributes', () => {
  const hostile = `<script>alert("1")</script> & 'more'`;
  expect(html`<p title="${hostile}">${hostile}</p>`.toString()).toBe(
    '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;">' +
      '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;</p>',
  );
});

test('markup within markup stays, lists are joined, numbers are written', () => {
  expect(html`<ul>${['<a>', 'b'].map((name) => html`<li>${name}</li>`)}</ul>${2}`.toString()).toBe(
    '<ul><li>&lt;a&gt;</li><li>b</li></ul>2',
  );
});

test('our own text can be taken as it is', () => {
  expect(html`<style>${verbatim('a > b {}')}</style>`.toString()).toBe('<style>a > b {}</style>');
});
