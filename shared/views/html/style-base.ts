/** Colours, fonts and the parts shared by all our pages and files. No rule contains an address. */
export const STYLE_BASE = `
:root{color-scheme:light dark;--bg:#f4f5f7;--card:#fff;--ink:#17202b;--dim:#576271;--line:#d9dee5;--soft:#eef1f5;--accent:#b83a0b;--on-accent:#fff;--focus:#1d4ed8;--link:#1d4ed8;
--critical:#b3201a;--high:#b54708;--medium:#8a5a00;--low:#475467;--ok:#0f6b3a;--busy:#0b5c8a;--ok-soft:#e3f4ea;--warn-soft:#fdf1d3;--bad-soft:#fde7e5;--busy-soft:#e1f0f9;--shadow:0 1px 2px #17202b14,0 1px 6px #17202b0d;
--t0:#eef1f5;--t1:#e1f0f9;--t2:#fdf1d3;--t3:#fbdcc1;--t4:#f8c9c2;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{--bg:#0e1318;--card:#161d25;--ink:#e5eaf0;--dim:#9ba8b6;--line:#2b3641;--soft:#1e2731;--accent:#f97f3c;--on-accent:#1a0d05;--focus:#9ec5ff;--link:#8ab8ff;
--critical:#ff8a80;--high:#ffa766;--medium:#f2c14e;--low:#a9b6c4;--ok:#5fd394;--busy:#6cc3f5;--ok-soft:#12301f;--warn-soft:#35290d;--bad-soft:#3b1815;--busy-soft:#102c3d;--shadow:0 1px 2px #0008;
--t0:#1e2731;--t1:#12303f;--t2:#3a2e10;--t3:#4a2a12;--t4:#551f1a}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1,h2,h3,h4{line-height:1.25;margin:0}
h1{font-size:1.45rem;letter-spacing:-.01em}
h2{font-size:1.05rem;margin-bottom:.75rem}
h3{font-size:1rem}
h4{font-size:.9rem;margin:.9rem 0 .3rem}
p,ul,ol,dl,dd,figure{margin:0;padding:0}
ul,ol{list-style:none}
a{color:var(--link)}
code,pre{font-family:var(--mono);font-size:.875em}
pre{margin:.4rem 0 0;padding:.6rem .75rem;background:var(--soft);border:1px solid var(--line);border-radius:6px;overflow:auto;max-height:24rem;white-space:pre-wrap}
svg{display:block}
summary{cursor:pointer;color:var(--link);font-size:.9rem;width:fit-content}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
.dim{color:var(--dim)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.25rem;box-shadow:var(--shadow);min-width:0}
.wide{overflow-x:auto}
.facts{color:var(--dim);font-size:.875rem}
.facts>span:not(:last-child)::after{content:"·";margin:0 .45em}
.because{color:var(--ink);font-size:.9rem;margin-top:.2rem}
.because li{padding-left:.9rem;text-indent:-.9rem}
.because li::before{content:"–";display:inline-block;width:.9rem;text-indent:0;color:var(--dim)}
.warn{color:var(--medium);font-weight:600}
.figure{font-variant-numeric:tabular-nums;font-weight:600}
.score{font-size:.875rem;font-weight:400;white-space:nowrap}
.badge,.state,.tier,.proof,.tag{display:inline-block;border-radius:5px;padding:.05rem .5rem;font-size:.8rem;font-weight:650;line-height:1.5;white-space:nowrap}
.badge{color:#fff;text-transform:uppercase;letter-spacing:.04em;font-size:.72rem}
.sev-critical{background:#b3201a}.sev-high{background:#b54708}.sev-medium{background:#8a5a00}.sev-low,.sev-none{background:#475467}
.state,.tag{background:var(--soft);color:var(--ink);border:1px solid var(--line)}
.st-contained{background:var(--ok-soft);color:var(--ok);border-color:transparent}
.st-containing{background:var(--busy-soft);color:var(--busy);border-color:transparent}
.st-asking,.st-open{background:var(--warn-soft);color:var(--medium);border-color:transparent}
.st-failed{background:var(--bad-soft);color:var(--critical);border-color:transparent}
.tier{background:var(--t0);color:var(--ink);font-weight:600}
.t-snapshot{background:var(--t1)}.t-quarantine{background:var(--t2)}.t-isolate,.t-redeploy{background:var(--t3)}.t-delete-workload,.t-delete-host{background:var(--t4)}
.proof{font-weight:600}.is-proven{color:var(--ok);background:var(--ok-soft)}.is-open{color:var(--medium);background:var(--warn-soft)}
.tag{font-size:.75rem;font-weight:600}
.tag.warn{color:var(--medium);background:var(--warn-soft);border-color:transparent}
@media print{:root{color-scheme:light}body{background:#fff}.card{box-shadow:none;break-inside:avoid}}
`;
