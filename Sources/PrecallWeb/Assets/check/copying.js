// Copying words: by a press, or by hand where the clipboard is kept from pages.
import {bounded} from './bounded.js'
import {button, make} from './elements.js'

const longest = 3000

/** Copies what `words()` gives, a `link` or `report`; the `element` shows what came of it. */
export function copyButton(element, what, words) {
  return button(element.texts.say(`copy-${what}`), event => copy(element, event.currentTarget, what, words()))
}

async function copy(element, control, what, words) {
  try {
    await bounded(navigator.clipboard.writeText(words), longest)
    element.answer(control, element.texts.say(`${what}-copied`))
  } catch {
    const byHand = new ByHand(words, () => element.texts.say(`${what}-by-hand`))
    element.ask(byHand, false)
    byHand.select()
  }
}

class ByHand {
  /** `name()` says what the words are, in the language of the moment. */
  constructor(words, name) {
    this.name = name
    this.field = make('textarea', {readOnly: true, rows: words.includes('\n') ? 8 : 2, value: words})
  }

  view() {
    return make('label', {}, this.name(), this.field)
  }

  /** The browser's own copying takes it all. */
  select() {
    this.field.select()
    this.field.focus()
  }
}
