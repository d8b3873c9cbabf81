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

  /** Says `shown` anew, unless something else has been opened since. The focus stays out where it is out. */
  refresh(shown = this.shown, focus = this.place.contains(this.place.getRootNode().activeElement)) {
    if (shown && this.shown === shown) show(this.place, shown.view(), focus)
  }

  close() {
    this.shown = null
    this.place.replaceChildren()
  }
}
