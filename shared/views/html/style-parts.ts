/** The styles of the parts that show an incident: timeline, pictures, matrix, findings, journal. */
export const STYLE_PARTS = `
.ruler{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;justify-content:space-between;color:var(--dim);font-size:.85rem;padding-bottom:.5rem;border-bottom:1px solid var(--line)}
.event{display:grid;grid-template-columns:8.75rem minmax(0,1fr) minmax(7rem,24%);gap:0 1rem;padding:.5rem 0;border-bottom:1px solid var(--soft)}
.event:last-child{border-bottom:0}
.when{font-family:var(--mono);font-size:.82rem;padding-top:.12rem}
.when>*{white-space:nowrap}
.offset,.later{color:var(--dim)}
.event .facts>span{display:inline-block;max-width:100%}
.mark{display:inline-block;width:1.2em;text-align:center;text-indent:0;font-weight:700}
.word{font-size:.85rem;font-weight:600}
.strip{margin-top:.3rem}
.rail{stroke:var(--line);stroke-width:1}
.cut{stroke:var(--dim);stroke-width:1;stroke-dasharray:2 2}
.bar{fill:var(--dim)}
.ev-seen .mark,.ev-seen .word{color:var(--high)}.ev-seen .bar{fill:var(--high)}
.ev-decided .mark,.ev-decided .word,.ev-requested .mark,.ev-requested .word,.ev-applying .mark,.ev-applying .word,.ev-pending .mark,.ev-pending .word{color:var(--busy)}
.ev-decided .bar,.ev-requested .bar,.ev-applying .bar,.ev-pending .bar{fill:var(--busy)}
.ev-applied .mark,.ev-applied .word,.ev-undone .mark,.ev-undone .word{color:var(--ok)}
.ev-applied .bar,.ev-undone .bar{fill:var(--ok)}
.ev-failed .mark,.ev-failed .word,.ev-not-undoable .mark,.ev-not-undoable .word{color:var(--critical)}
.ev-failed .bar,.ev-not-undoable .bar{fill:var(--critical)}
.ev-refused .mark,.ev-refused .word,.ev-held .mark,.ev-held .word{color:var(--medium)}
.ev-refused .bar,.ev-held .bar{fill:var(--medium)}
.ev-waiting .mark,.ev-waiting .word,.ev-skipped .mark,.ev-skipped .word,.ev-dry-run .mark,.ev-dry-run .word{color:var(--dim)}
.findings>li{padding:.75rem 0;border-bottom:1px solid var(--line)}
.findings>li:first-child{padding-top:0}
.findings>li:last-child{border-bottom:0;padding-bottom:0}
.journal{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(32rem,100%),1fr));gap:0 2rem}
.journal>li{padding:.75rem 0;border-top:1px solid var(--line);min-width:0}
.finding h3{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.finding .facts,.finding .why{margin-top:.25rem}
.why{color:var(--dim);font-size:.9rem}
.techniques{display:flex;flex-wrap:wrap;gap:.3rem .5rem;margin-top:.4rem;font-size:.85rem}
.entry .head{display:flex;flex-wrap:wrap;gap:.15rem .4rem;align-items:baseline}
.entry>*+*{margin-top:.2rem}
.entry .more{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}
.entry .more details[open]{width:100%}
.box details{margin-top:.3rem}
.weighing{margin-top:.75rem}
.weigh+.weigh{margin-top:.6rem}
.weigh dt{font-size:.9rem;font-weight:600}
.weigh dt .dim{font-weight:400}
.weigh dt bdi+bdi::before{content:", "}
.weigh dd{display:flex;align-items:center;gap:.6rem}
.weigh .figure{width:2.6rem;flex:none}
.total{padding-top:.6rem;border-top:1px solid var(--line)}
.gauge .rail{fill:var(--soft);stroke:none}
.gauge .edge{stroke:var(--card);stroke-width:2}
.share-0{fill:var(--accent)}.share-1{fill:var(--busy)}.share-2{fill:var(--ok)}.share-3{fill:var(--medium)}
.scale{position:relative;height:1.2rem;margin-left:3.2rem;color:var(--dim);font-size:.75rem}
.scale span{position:absolute}
.scale span:nth-child(1){left:0}.scale span:nth-child(2){left:50%;translate:-50%}.scale span:nth-child(3){left:75%;translate:-50%}.scale span:nth-child(4){left:90%;translate:-50%}
.formula{font-size:.88rem;margin-top:.4rem}
table{border-collapse:collapse;width:100%}
.matrix{table-layout:fixed;min-width:19rem}
.matrix caption{text-align:left;padding-bottom:.6rem;font-size:.95rem}
.matrix th{font-size:.78rem;color:var(--dim);font-weight:600;text-align:center;padding:.25rem .1rem}
.matrix th:first-child{width:4.9rem;text-align:left}
.matrix .badge{padding:.05rem .35rem;font-size:.66rem}
.matrix td{padding:.4rem .1rem;border:1px solid var(--line);text-align:center;vertical-align:middle}
.matrix .tier{background:none;white-space:normal;padding:0;font-size:.7rem;line-height:1.25}
.matrix td:has(.t-observe){background:var(--t0)}.matrix td:has(.t-snapshot){background:var(--t1)}.matrix td:has(.t-quarantine){background:var(--t2)}.matrix td:has(.t-isolate){background:var(--t3)}.matrix td:has(.t-delete-workload){background:var(--t4)}
.matrix .here{outline:3px solid var(--ink);outline-offset:-2px}
.pin{display:block;font-size:.75rem;font-weight:700}
.box{border:1px solid var(--line);border-radius:8px;padding:.65rem .8rem;background:var(--card)}
.box>.boxes{display:grid;gap:.6rem}
.box>.boxes:not(:empty){margin-top:.6rem}
.box>.boxes:not(:empty)+.facts{margin-top:.4rem}
.cluster{background:var(--soft)}
.pod{border-left:4px solid var(--accent)}
.kind{font-size:.75rem;text-transform:uppercase;letter-spacing:.05em;color:var(--dim);font-weight:650}
.effects{font-size:.88rem;margin-top:.3rem}
.effect{padding-left:1.6em;text-indent:-1.6em}
.effect .dim{font-size:.8rem}
.moved{font-size:.85rem;margin-top:.3rem}
.toc{display:flex;flex-wrap:wrap;gap:.25rem 1rem;font-size:.9rem}
.valid+.valid{margin-top:1rem}
.pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.75rem 1.25rem;margin-top:.5rem}
.pairs dt{font-size:.8rem;color:var(--dim);font-weight:600}
.revoke li+li{margin-top:.6rem}
.revoke pre{white-space:pre}
.revoke p{font-size:.9rem}
.remains{margin:.3rem 0 1rem}
.remains li+li{margin-top:.6rem}
.remains p{font-size:.93rem}
.remains pre{white-space:pre}
@media (max-width:46rem){.matrix th:first-child{width:1.7rem}.matrix thead th:first-child{font-size:0}.matrix .badge{writing-mode:vertical-rl;padding:.35rem .05rem}.matrix{min-width:0}.matrix .tier{font-size:.6rem;letter-spacing:-.01em}.event{grid-template-columns:minmax(0,1fr)}.when{padding-top:0}.strip{display:none}}
`;
