import { STYLE_BASE } from '../views/html/style-base.ts';
import { STYLE_PARTS } from '../views/html/style-parts.ts';

const CHROME = `
.skip{position:absolute;left:.75rem;top:-4rem;background:var(--card);color:var(--link);padding:.5rem .9rem;border-radius:0 0 8px 8px;z-index:2}
.skip:focus{top:0}
.top{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1.25rem;padding:.7rem clamp(.9rem,3vw,2rem);background:var(--card);border-bottom:1px solid var(--line)}
.brand{display:flex;align-items:center;gap:.55rem;font-weight:700;font-size:1.05rem;color:var(--ink);text-decoration:none}
.brand svg{width:1.5rem;height:1.5rem}
.top .who{margin-left:auto;color:var(--dim);font-size:.875rem}
.top details{position:relative}
.top summary{list-style:none;border:1px solid var(--line);border-radius:6px;padding:.25rem .7rem;color:var(--ink);font-weight:600}
.top summary::-webkit-details-marker{display:none}
.drop{position:absolute;right:0;top:calc(100% + .4rem);z-index:1;width:min(22rem,86vw)}
.halted{background:var(--bad-soft);color:var(--ink);border-bottom:2px solid var(--critical);padding:.9rem clamp(.9rem,3vw,2rem)}
.halted strong{color:var(--critical)}
.halted details{margin-top:.4rem}
main{padding:1.25rem clamp(.9rem,3vw,2rem) 3rem;max-width:88rem;margin:0 auto;display:grid;gap:1.1rem;grid-template-columns:minmax(0,1fr)}
main:focus{outline:none}
footer{color:var(--dim);font-size:.85rem;padding:0 clamp(.9rem,3vw,2rem) 2rem;max-width:88rem;margin:0 auto;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
footer.behind{position:sticky;bottom:0;padding-block:.6rem;background:var(--warn-soft);color:var(--medium);font-weight:600}
main>div:empty,main>.stack:not(:has(.card)){display:none}
.crumb{font-size:.9rem;margin-bottom:-.4rem}
.hero{border-left:6px solid var(--low)}
.hero-critical{border-left-color:var(--critical)}.hero-high{border-left-color:var(--high)}.hero-medium{border-left-color:var(--medium)}
.hero .line{display:flex;flex-wrap:wrap;gap:.4rem .6rem;align-items:center}
.hero h1{margin:.45rem 0 .2rem}
.glance{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.9rem 1.5rem;margin-top:1rem;padding-top:1rem;border-top:1px solid var(--line)}
.glance dt{font-size:.8rem;font-weight:650;color:var(--dim)}
.split{display:grid;gap:1.1rem;grid-template-columns:minmax(0,1fr)}
@media (min-width:75rem){.split{grid-template-columns:minmax(0,1.75fr) minmax(0,1fr);align-items:start}}
.stack{display:grid;gap:1.1rem;grid-template-columns:minmax(0,1fr)}
.ask{border-color:var(--accent);box-shadow:inset 0 4px 0 var(--accent),var(--shadow)}
form.act{display:grid;gap:.5rem;margin-top:.6rem}
label{font-weight:600;font-size:.9rem}
label .dim{font-weight:400}
textarea,input[type=search]{width:100%;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--dim);border-radius:6px;padding:.45rem .6rem}
textarea{resize:vertical;min-height:2.75rem}
.buttons{display:flex;flex-wrap:wrap;gap:.6rem}
button{font:inherit;font-weight:650;color:var(--ink);background:var(--soft);border:1px solid var(--dim);border-radius:6px;padding:.45rem 1rem;min-height:2.75rem;cursor:pointer}
button.primary{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button.danger{color:var(--critical);border-color:var(--critical);background:var(--card)}
button:hover{filter:brightness(.95)}
.end summary{font-weight:650;font-size:1rem;color:var(--ink)}
.end[open] summary{margin-bottom:.6rem}
.answer{border-left:6px solid var(--busy)}
.answer-accepted{border-left-color:var(--ok)}.answer-refused{border-left-color:var(--critical)}
.stale{border:1px solid var(--medium);background:var(--warn-soft);border-radius:6px;padding:.5rem .75rem;margin-bottom:.6rem}
.stale[hidden]{display:none}
.requests li{padding:.5rem 0;border-bottom:1px solid var(--soft)}
.requests li:last-child{border-bottom:0}
.search{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.6rem;align-items:end;margin-top:.6rem}
@media (max-width:40rem){.top .who{margin-left:0;width:100%;order:3}.top [data-live]{margin-left:auto}}
.counts{display:flex;flex-wrap:wrap;gap:.4rem;margin-top:.9rem;font-size:.9rem}
.counts a{border:1px solid var(--line);border-radius:999px;padding:.2rem .8rem;text-decoration:none;color:var(--ink);background:var(--card)}
.counts a[aria-current]{border-color:var(--ink);font-weight:650}
.group h2{display:flex;gap:.5rem;align-items:baseline;margin:0 0 .5rem}
.group .rows{padding:0;overflow:hidden}
.row{position:relative;display:grid;grid-template-columns:8.75rem minmax(0,1fr) minmax(0,15rem) 5.5rem;gap:.2rem 1rem;align-items:center;padding:.75rem 1.1rem;border-bottom:1px solid var(--line)}
.row:last-child{border-bottom:0}
.row:hover{background:var(--soft)}
.row .title a{font-weight:650;color:var(--ink);text-decoration:none}
.row .title a::after{content:"";position:absolute;inset:0}
.row .title a:focus-visible{outline:none}
.row:has(a:focus-visible){outline:3px solid var(--focus);outline-offset:-3px}
.row .tags{display:flex;flex-wrap:wrap;gap:.35rem}
.row .age{text-align:right;color:var(--dim);font-size:.875rem;white-space:nowrap}
@media (max-width:56rem){.row{grid-template-columns:minmax(0,1fr) auto}.row .title{grid-column:1/-1;grid-row:2}.row .tags{grid-column:1/-1;grid-row:3}}
.none{padding:2.5rem 1rem;text-align:center;color:var(--dim)}
`;

/** The whole style of the console, served as one file. */
export const STYLE = `${STYLE_BASE}${STYLE_PARTS}${CHROME}`;
