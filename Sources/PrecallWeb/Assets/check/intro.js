// What stands on the page before the start: what will happen, and what will keep it from working.
import {isInsideApp, isOutdated, obstacle} from './browser.js'
import {button, make} from './elements.js'

/** The page may have put a title of its own above. */
export function introView(texts, isTitled, start, linkButton) {
  const say = key => texts.say(key)
  return [
    !isTitled && make('h2', {part: 'title'}, say('title')),
    make('slot', {name: 'intro'}, make('p', {}, say('intro')), make('p', {className: 'quiet'}, say('private'))),
    browserView(texts, linkButton),
    make('div', {className: 'row'}, button(say('start'), start, 'primary')),
  ].filter(Boolean)
}

/** What about this browser will keep a visit from working; nothing where it will do. */
export function browserView(texts, linkButton) {
  const key = trouble()
  return key && make('div', {className: 'box', part: 'obstacle'},
    make('p', {}, make('strong', {}, texts.say(key))),
    key !== 'not-secure' && make('div', {className: 'row'}, linkButton()))
}

function trouble() {
  const why = obstacle()
  if (why === 'page-not-secure') return 'not-secure'
  if (why) return isInsideApp() ? 'inside-app' : 'old-browser'
  if (isOutdated()) return 'outdated'
  return isInsideApp() && 'inside-app-maybe'
}

/** What is shown in place of a result, as `key` says it. */
export function endView(texts, key, again) {
  return [
    make('h2', {tabIndex: -1}, texts.say(key)), make('p', {}, texts.say(`${key}-words`)),
    make('div', {className: 'row'}, button(texts.say('again'), again, 'primary')),
  ]
}
