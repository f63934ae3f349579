/** All of the page's looks: light and dark, paper, desk and phone. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1d2430;--soft:#5d6675;--line:#e3e0d8;
--stayed:#2e7d5b;--mended:#1f7a8c;--reported:#7a6a1f;--tagged:#b5651d;--quarantined:#3b5bb5;--none:#b3261e;--bar:#9aa7bd}
@media (prefers-color-scheme:dark){:root{--paper:#14171c;--card:#1c2027;--ink:#e8eaee;--soft:#9aa4b2;--line:#2e343e;
--stayed:#63c297;--mended:#6cc5d6;--reported:#d3bd5c;--tagged:#eba063;--quarantined:#8fa9f5;--none:#ff8a80;--bar:#566176}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1180px;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .5rem;text-wrap:balance}
h2{font-size:1.2rem;margin:2.5rem 0 .25rem}
p{margin:.35rem 0}
code{font:.86em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.soft,.where,.note{color:var(--soft)}
.sum{display:inline-block;margin:.6rem 0 0;padding:.3rem .8rem;border-radius:2rem;font-weight:600;border:1.5px solid currentColor}
.sum.good{color:var(--stayed)}.sum.bad{color:var(--none)}
.chain{list-style:none;display:grid;grid-template-columns:repeat(6,1fr);gap:1.6rem;padding:0;margin:2rem 0 1rem}
.chain li{position:relative;background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:.7rem .8rem;display:flex;flex-direction:column}
.chain li+li::before{content:"";position:absolute;left:-1.3rem;top:50%;width:1rem;height:.7rem;margin-top:-.35rem;background:var(--bar);clip-path:polygon(0 38%,60% 38%,60% 0,100% 50%,60% 100%,60% 62%,0 62%)}
.chain .name{font-size:.8rem;font-weight:600;color:var(--soft)}
.chain .figure{font-size:1.45rem;font-weight:650;line-height:1.3}
.chain .note{font-size:.8rem;line-height:1.35}
.flow{display:block;width:100%;max-width:620px;height:auto;margin:1.5rem auto}
.flow text{font-size:12.5px;fill:var(--soft)}.flow .strong{fill:var(--ink);font-weight:650;font-size:14px}
.flow .node{fill:var(--bar)}.flow .band{fill:none;opacity:.45}
.band.stayed{stroke:var(--stayed)}.band.re-encrypted{stroke:var(--mended)}.band.reported{stroke:var(--reported)}.band.tagged{stroke:var(--tagged)}.band.quarantined{stroke:var(--quarantined)}.band.none{stroke:var(--none)}
.node.stayed{fill:var(--stayed)}.node.re-encrypted{fill:var(--mended)}.node.reported{fill:var(--reported)}.node.tagged{fill:var(--tagged)}.node.quarantined{fill:var(--quarantined)}.node.none{fill:var(--none)}
.account{border:1px solid var(--line);border-radius:.9rem;padding:0 1rem .2rem;margin:1.2rem 0 0}.account h2{margin:.9rem 0 0}.account .chain{margin:1rem 0}
.chain.few{grid-template-columns:repeat(3,1fr)}.account .where{font-size:.88rem}.account .note{overflow-wrap:anywhere}.between{text-align:center;color:var(--soft);margin:.5rem 0 -.7rem}
table{width:100%;border-collapse:collapse;margin:.8rem 0;font-size:.88rem;background:var(--card);border:1px solid var(--line)}
th{text-align:left;font-weight:600;color:var(--soft);font-size:.78rem}
th,td{padding:.45rem .6rem;vertical-align:top;border-top:1px solid var(--line)}
td.object{font-weight:550;overflow-wrap:anywhere;width:21%}td.object bdi{white-space:pre-wrap}
tr.wrong td{background:color-mix(in srgb,var(--none) 12%,transparent)}
tr.aside td{border-top:0;padding-top:0;color:var(--soft);font-size:.82rem;overflow-wrap:anywhere}
.pill{font-weight:600;white-space:nowrap}
.pill.stayed,.allowed{color:var(--stayed)}.pill.re-encrypted{color:var(--mended)}.pill.reported{color:var(--reported)}.pill.tagged{color:var(--tagged)}.pill.quarantined{color:var(--quarantined)}.pill.none,.denied,.mismatch b{color:var(--none)}
.allowed,.denied{font-weight:600}
.half{display:block;font-size:.82rem;color:var(--soft)}
.sid{display:inline-block;color:var(--soft);overflow-wrap:normal}.back{display:block;font-size:.82rem;color:var(--soft)}
.time{display:flex;align-items:center;gap:.5rem;white-space:nowrap;font-variant-numeric:tabular-nums}
.time svg{width:3.5rem;height:.4rem;background:color-mix(in srgb,var(--bar) 22%,transparent);border-radius:2px;flex:none}
.time rect{fill:var(--bar)}
details{margin:0}details summary{cursor:pointer;color:var(--soft);font-size:.82rem;text-decoration:underline dotted}
a{color:inherit}
td.verdict{white-space:nowrap}
ul{padding-left:1.2rem;margin:.4rem 0}li{margin:.25rem 0}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;font-size:.92rem;margin:.5rem 0}
.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
@media (max-width:960px){
.chain{grid-template-columns:repeat(3,1fr)}.chain li:nth-child(4)::before{display:none}
table,tbody,tr,td{display:block}thead{position:absolute;left:-200vw}
table{background:none;border:0}
tr{background:var(--card);border:1px solid var(--line);border-radius:.6rem;margin:.6rem 0;padding:.45rem .75rem}
td{border:0;padding:.12rem 0;display:grid;grid-template-columns:7.2rem 1fr;gap:.1rem .5rem}
td::before{content:attr(data-label);color:var(--soft);font-size:.8rem}
td>*{min-width:0;grid-column:2}
td.object{width:auto;display:block;padding-bottom:.3rem}td.object::before{content:none}
tr.aside{margin-top:-1rem;border-top:0;border-radius:0 0 .6rem .6rem}tr.aside td{display:block}tr.aside td::before{content:none}
.mismatch{grid-column:1/-1}}
@media (max-width:640px){
main{padding:1.25rem .9rem 2.5rem}h1{font-size:1.4rem}
.chain,.chain.few{grid-template-columns:1fr;gap:1.3rem}
.chain li{display:grid;grid-template-columns:1fr auto;align-items:baseline;column-gap:.8rem}
.chain .note{grid-column:1/-1}.chain .figure{font-size:1.2rem}
.chain li+li::before,.chain li:nth-child(4)::before{display:block;left:50%;top:-1.15rem;margin:0 0 0 -.5rem;transform:rotate(90deg)}}
@media print{body{background:#fff}.chain li,tr{break-inside:avoid}}
`;
