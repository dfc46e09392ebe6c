/** The styles that a report adds to those of our pages: one column, and printing with everything unfolded. */
export const STYLE_REPORT = `
body{font-size:15px}
main{max-width:62rem;margin:0 auto;padding:1.5rem 1.25rem 3rem;display:grid;gap:1.1rem}
main>*{min-width:0}
.brand{color:var(--dim);font-weight:600;font-size:.9rem}
.hero{border-top:5px solid var(--accent)}
.hero h1{margin:.5rem 0 .3rem}
.line{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.glance{display:grid;grid-template-columns:repeat(auto-fit,minmax(11.5rem,1fr));gap:.8rem 1.5rem;margin-top:1rem}
.glance dt{font-size:.8rem;color:var(--dim);font-weight:600}
.remains>li+li,.typed>li{margin-top:.9rem}
.card>h3{margin:1.2rem 0 .4rem}.card>h2+h3{margin-top:0}
.manifest{margin-top:1rem}
.typed .head{display:flex;flex-wrap:wrap;gap:.15rem .4rem;align-items:baseline}
.manifest table{margin-top:.5rem;font-size:.85rem}
.manifest th,.manifest td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}
.manifest td:last-child,.manifest th:last-child{padding-right:0}
.manifest td code{font-size:.75rem}
.manifest td:last-child code{font-size:.7rem}
.size{white-space:nowrap;text-align:right!important}
footer{color:var(--dim);font-size:.85rem}
@page{margin:14mm 12mm}
@media print{body{font-size:10pt}main{max-width:none;padding:0;gap:.7rem}.card{border-color:#bbb;padding:.8rem 1rem;break-inside:auto}
h2,h3,h4{break-after:avoid}li,tr{break-inside:avoid}.box,.finding,.entry{break-inside:auto}.toc{display:none}
pre{max-height:none;overflow:visible;white-space:pre-wrap}
details::details-content{content-visibility:visible;block-size:auto}summary{color:inherit}
.strip{display:none}.event{grid-template-columns:8.75rem minmax(0,1fr)}
a{color:inherit;text-decoration:none}}
`;
