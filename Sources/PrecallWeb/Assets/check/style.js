// The looks. An author changes them by custom properties and ::part(); a style sheet in script needs no
// permission of the page that embeds the element. Safari before 16.4 has none: there a <style> is tried.

const rules = `
:host {
  display: block; color-scheme: light dark; container-type: inline-size;
  --ink: var(--precall-ink, #1b1f24);
  --quiet: var(--precall-quiet, #4d5660);
  --surface: var(--precall-surface, #ffffff);
  --raised: var(--precall-raised, #f3f5f7);
  --line: var(--precall-line, #767f89);
  --accent: var(--precall-accent, #0b57a4);
  --on-accent: var(--precall-on-accent, #ffffff);
  --good: #14692f;
  --limited: #7a4b00;
  --bad: #a8161d;
  --radius: var(--precall-radius, 12px);
  font: var(--precall-font, 1.0625rem/1.5 system-ui, sans-serif); color: var(--ink); overflow-wrap: break-word;
}
@media (prefers-color-scheme: dark) {
  :host {
    --ink: var(--precall-ink, #f0f3f6);
    --quiet: var(--precall-quiet, #b3bdc7);
    --surface: var(--precall-surface, #171b20);
    --raised: var(--precall-raised, #232930);
    --line: var(--precall-line, #8b949e);
    --accent: var(--precall-accent, #8cc2ff);
    --on-accent: var(--precall-on-accent, #0b1420);
    --good: #7ee2a0;
    --limited: #ffcf70;
    --bad: #ff9d98;
  }
}
:host([hidden]), [hidden] { display: none !important }
* { box-sizing: border-box }
.card { background: var(--surface); border-radius: var(--radius); padding: 20px; padding: clamp(16px, 4cqi, 32px); max-width: 46rem; margin-inline: auto }
.card > :last-child { margin-bottom: 0 }
h2, h3 { line-height: 1.25; margin: 0 0 .5em; text-wrap: balance }
h2 { font-size: 1.5rem } h3 { font-size: 1.125rem; margin-top: 1.5em }
h2:focus, h3:focus { outline: none }
h2:focus-visible, h3:focus-visible { outline: 3px solid var(--accent); outline-offset: 4px; border-radius: 4px }
p, ul, ol, dl { margin: 0 0 1em }
.quiet { color: var(--quiet) }
.status:empty { margin: 0 } .note:empty { display: none }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.row { display: flex; flex-wrap: wrap; gap: 12px; margin-block: 1em }
button, select, summary { font: inherit; color: inherit; min-height: 48px; border-radius: calc(var(--radius) * .7) }
button { padding: 10px 20px; border: 2px solid var(--accent); background: transparent; color: var(--accent); font-weight: 600; cursor: pointer; max-width: 100% }
button.primary { background: var(--accent); color: var(--on-accent) }
button:hover { text-decoration: underline }
:is(button, select, summary, a):focus-visible { outline: 3px solid var(--ink); outline-offset: 3px }
textarea { display: block; width: 100%; margin-top: 4px; font: inherit; font-weight: 400 }
select { width: 100%; padding: 8px 12px; border: 2px solid var(--line); background: var(--surface) }
label { display: block; font-weight: 600; margin-bottom: 4px }
.steps { list-style: none; padding: 0 }
.steps li { display: flex; gap: 12px; align-items: flex-start; padding: 10px 0; border-top: 1px solid color-mix(in srgb, var(--line) 40%, transparent) }
.steps li:first-child { border-top: 0 }
.steps .words { color: var(--quiet) }
.sign { flex: none; display: inline-grid; place-items: center; width: 1.6em; height: 1.6em; border-radius: 50%; border: 2px solid currentColor; font-weight: 700; line-height: 1 }
.good { color: var(--good) } .limited { color: var(--limited) } .bad { color: var(--bad) } .busy { color: var(--accent) } .waiting, .unknown { color: var(--quiet) }
progress { width: 100%; height: 12px; accent-color: var(--accent) }
.meter { height: 20px; border: 2px solid var(--line); border-radius: 10px; overflow: hidden; background: var(--raised); margin-bottom: 1em }
.meter span { display: block; height: 100%; width: 0; background: var(--good) }
video { display: block; width: min(100%, 320px); aspect-ratio: 4/3; object-fit: cover; background: #000; border-radius: var(--radius); transform: scaleX(-1) }
.hidden-picture video { opacity: 0; height: 1px; aspect-ratio: auto }
.box { border: 2px solid var(--line); border-radius: var(--radius); padding: 16px 20px; margin-block: 1em; background: var(--raised) }
.box > :last-child { margin-bottom: 0 } .box > :first-child { margin-top: 0 }
.verdict { display: flex; gap: 14px; align-items: center; margin-bottom: .5em }
.verdict h2 { margin: 0 } .verdict .sign { font-size: 1.4rem }
.parts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: 12px; margin: 1em 0; padding: 0; list-style: none }
.parts li { display: flex; gap: 10px; align-items: center; background: var(--raised); border-radius: var(--radius); padding: 12px 14px }
.parts b { display: block }
:is(.parts, .steps) li > :last-child { min-width: 0 }
.devices { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 24px }
summary { cursor: pointer; padding: 10px 0; font-weight: 600 }
.table { overflow-x: auto } .table:focus-visible { outline: 3px solid var(--ink) }
table { border-collapse: collapse; width: 100%; font-size: .9375rem }
th, td { text-align: start; padding-block: 8px; padding-inline: 0 12px; vertical-align: top; border-bottom: 1px solid color-mix(in srgb, var(--line) 40%, transparent) }
tbody th { min-width: 9rem } td { white-space: nowrap } td.long { white-space: normal; min-width: 14rem }
.code { font-family: ui-monospace, monospace; font-size: .875rem; color: var(--quiet); overflow-wrap: anywhere }
@container (max-width: 30rem) {
  .row button { width: 100% } h2 { font-size: 1.3rem }
  tbody th { min-width: 7rem } td { white-space: normal; min-width: 4.5rem } td.long { min-width: 11rem }
}
@media (prefers-reduced-motion: no-preference) { .meter span { transition: width .1s linear } }
@media (forced-colors: active) { .meter span { background: CanvasText } .sign { forced-color-adjust: auto } }
`

export function dress(root) {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(rules)
    root.adoptedStyleSheets = [sheet]
  } catch {
    root.append(Object.assign(document.createElement('style'), {textContent: rules}))
  }
}
