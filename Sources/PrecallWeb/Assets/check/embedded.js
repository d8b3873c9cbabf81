// The check inside an iframe. It talks to one page only: the one that frames it, at the origin that the
// frame's address names (?parent=https://clinic.example), and only in messages {precall: 1, type, …}.
//
// To the page: ready, size {height}, start, progress, complete, error (details as of the element's events).
// From the page: start, cancel, locale {locale}.
import '../precall-check.js'
import {webOrigin} from './origin.js'

const version = 1
const asked = new URLSearchParams(location.search)
const check = document.getElementById('check')
const parentOrigin = webOrigin(asked.get('parent'))

if (asked.get('lang')) check.locale = asked.get('lang')

function tell(type, detail = {}) {
  if (parentOrigin && window.parent !== window) {
    window.parent.postMessage({precall: version, type, ...detail}, parentOrigin)
  }
}

for (const type of ['start', 'progress', 'complete', 'error']) {
  check.addEventListener(`precall-${type}`, event => tell(type, {detail: event.detail}))
}

window.addEventListener('message', ({source, origin, data}) => {
  if (source !== window.parent || origin !== parentOrigin || typeof data !== 'object' || !data) return
  if (data.precall === undefined) return
  if (data.precall !== version) return tell('unknown-version', {versions: [version]})
  if (data.type === 'start') check.start()
  else if (data.type === 'cancel') check.cancel()
  else if (data.type === 'locale' && typeof data.locale === 'string') check.locale = data.locale
})

new ResizeObserver(() => tell('size', {height: Math.ceil(check.getBoundingClientRect().height)})).observe(check)
check.ready?.then(() => tell('ready'))
