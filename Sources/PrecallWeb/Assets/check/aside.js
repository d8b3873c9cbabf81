// Below the buttons of a page: what a press asked for, as a question or words to copy.
import {make, show} from './elements.js'

export class Aside {
  constructor() {
    this.place = make('div')
    this.shown = null
  }

  /** Shows what `shown.view()` gives in place of what was asked for before. */
  open(shown, focus = true) {
    this.shown = shown
    this.refresh(shown, focus)
  }

  /** Says `shown` anew, unless something else has been opened since. */
  refresh(shown = this.shown, focus = true) {
    if (shown && this.shown === shown) show(this.place, shown.view(), focus)
  }

  close() {
    this.shown = null
    this.place.replaceChildren()
  }
}
