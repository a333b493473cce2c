/** The report's own style: dark on white, A4 in print, nothing fetched from anywhere. */
export const REPORT_STYLE = `
:root{color-scheme:light;font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;color:#17212b;background:#fff}
body{max-width:960px;margin:0 auto;padding:28px 24px 60px}
h1{font-size:25px;margin:0 0 2px}h2{font-size:18px;margin:34px 0 8px;padding-bottom:4px;border-bottom:1px solid #d3dae0}
p{margin:6px 0}.sub{color:#56646f}
.verdict{margin:16px 0 10px;padding:12px 16px;border-left:6px solid #a55b00;background:#fdf6ec}
.verdict b{font-size:20px}.verdict.good{border-color:#1b7a43;background:#eef8f1}.verdict.bad{border-color:#c0201f;background:#fdf0ef}
.simulated{padding:8px 16px;border:1px solid #7a4fc0;background:#f6f2fc;color:#4a2d80}
.keys{display:grid;grid-template-columns:repeat(4,1fr);gap:10px;margin:16px 0}
.keys div{border:1px solid #d3dae0;border-radius:5px;padding:9px 11px}
.keys span.name{display:block;color:#56646f;font-size:12.5px;line-height:1.3;min-height:1.3em}.keys b{font-size:20px;white-space:nowrap}.keys .unit{color:#56646f}
.keys .u95{display:block;font-size:12.5px;font-weight:400}
.u95{color:#56646f;white-space:nowrap}.none{color:#56646f;font-style:italic}
table{border-collapse:collapse;width:100%;font-size:12.5px}.wide{overflow-x:auto}
th,td{text-align:left;vertical-align:top;padding:3px 8px;border-bottom:1px solid #e6eaee;font-weight:400}
thead th{color:#56646f;border-bottom:1px solid #9fb0bd}th[scope=row]{font-weight:600}
tr.group th{font-weight:700;padding-top:12px;background:#f4f6f8}
.n{text-align:right;white-space:nowrap}.u{white-space:nowrap}.bad{color:#c0201f;font-weight:600}td .good{color:#1b7a43}
td:not(.u,.n){overflow-wrap:break-word}
figure{margin:18px 0 24px;break-inside:avoid}figcaption{font-weight:600}
figure svg{display:block;width:100%;height:auto}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;color:#3b4853;font-size:12.5px;margin-top:2px}.legend span{white-space:nowrap}
figure svg.key{display:inline-block;width:26px;height:8px;margin-right:5px;vertical-align:middle}
.frame{fill:none;stroke:#9fb0bd;stroke-width:1}.grid{stroke:#e6eaee;stroke-width:1;fill:none}.tickmark{stroke:#9fb0bd}
.tick{font-size:11px;fill:#3b4853}.label{font-size:12px;fill:#17212b}
.line{fill:none;stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}.dashed{stroke-dasharray:5 3.5}.wide.line{stroke-width:4;opacity:.4}
.bars{fill:none;stroke-width:1;opacity:.55}.mark{stroke-width:1.2}.mark.open{fill:#fff}
.c0{stroke:#0b6fb8}.c1{stroke:#c8501e}.c2{stroke:#1f8a5b}.c3{stroke:#7a4fc0}
.mark.c0:not(.open){fill:#0b6fb8}.mark.c1:not(.open){fill:#c8501e}.mark.c2:not(.open){fill:#1f8a5b}.mark.c3:not(.open){fill:#7a4fc0}
.limit{stroke:#c0201f;stroke-width:1.2;stroke-dasharray:6 4;fill:none}.limit-text{font-size:11px;fill:#c0201f}
.phase{stroke:#9fb0bd;stroke-width:1;stroke-dasharray:2 3;fill:none}.phase-text{font-size:10.5px;fill:#56646f}
ul.findings{list-style:none;padding:0;margin:8px 0}.findings li{padding:4px 10px;border-left:4px solid #9fb0bd;margin:4px 0;background:#f4f6f8}
.findings b{display:inline-block;min-width:5.2em}.findings .warning{border-color:#a55b00;background:#fdf6ec}.findings .trip,.findings .fail{border-color:#c0201f;background:#fdf0ef}
.bar{fill:#0b6fb8;opacity:.75}.bar.bad{fill:#c0201f}.whisker{stroke:#17212b;stroke-width:1.2;fill:none}
dl{display:grid;grid-template-columns:auto 1fr;gap:3px 16px}dt{font-weight:600}dd{margin:0}
footer{margin-top:34px;color:#56646f;font-size:12.5px}
@media screen and (max-width:700px){.keys{grid-template-columns:repeat(2,1fr)}}
@page{size:A4;margin:14mm}
@media print{body{padding:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}*{print-color-adjust:exact}}
`;
