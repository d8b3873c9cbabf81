// For pages that frame the check: embedCheck(container, {server, locale, onMessage}) makes the iframe with the
// permissions it needs, hears only it, and fits its height. Gives back {start, cancel, locale, remove}.

const version = 1
const title = language => language?.startsWith('es') ? 'Probar mi conexión' : 'Test my connection'

export function embedCheck(container, {server = new URL(import.meta.url).origin, locale, onMessage = () => {}} = {}) {
  const {origin} = new URL(server)
  const address = new URL('/embed', origin)
  address.searchParams.set('parent', location.origin)
  if (locale) address.searchParams.set('lang', locale)
  const frame = document.createElement('iframe')
  frame.src = address.href
  frame.allow = 'camera; microphone; autoplay; clipboard-write'
  frame.title = title(locale)
  frame.style.cssText = 'width: 100%; border: 0; min-height: 30rem'
  // What is asked for before the frame can hear.
  const waiting = []
  let isReady = false
  const send = ([type, more]) => frame.contentWindow?.postMessage({precall: version, type, ...more}, origin)
  const hear = ({source, origin: from, data}) => {
    if (source !== frame.contentWindow || from !== origin || data?.precall !== version) return
    if (data.type === 'ready') {
      isReady = true
      waiting.splice(0).forEach(send)
    }
    if (data.type === 'size') frame.style.height = `${Math.min(20_000, Number(data.height) || 0)}px`
    else onMessage(data)
  }
  window.addEventListener('message', hear)
  container.append(frame)
  const tell = (type, more) => {
    if (isReady) send([type, more])
    else waiting.push([type, more])
  }
  return {
    start: () => tell('start'),
    cancel: () => tell('cancel'),
    locale: language => {
      frame.title = title(language)
      tell('locale', {locale: language})
    },
    remove: () => {
      window.removeEventListener('message', hear)
      frame.remove()
    },
  }
}
