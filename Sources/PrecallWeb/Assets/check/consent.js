// Nothing is sent before a yes; what is sent are the numbers that the check measured.
import {button, make} from './elements.js'
import {sentToHelpdesk} from './reports.js'

/** The question and what came of it, in the language of the moment. */
export class Consent {
  /** `show` puts the view on the page again, `close(words)` words in its place; the rest is the element's. */
  constructor(server, measurements, {say, announce, show, close}) {
    Object.assign(this, {server, measurements, say, announce, show, close})
    this.isSending = false
    /** What came of it, in words. */
    this.answer = null
  }

  view() {
    return make('div', {className: 'box', part: 'consent'},
      this.answer ? make('p', {tabIndex: -1}, this.answer()) : this.question())
  }

  question() {
    const {say, isSending} = this
    return [
      make('h3', {tabIndex: isSending ? undefined : -1}, say('send-question')),
      make('p', {}, say('send-what')),
      isSending ? make('p', {tabIndex: -1}, say('sending')) : make('div', {className: 'row'},
        button(say('send-yes'), () => this.send(), 'primary'),
        button(say('send-no'), () => this.close(say('nothing-sent')))),
    ]
  }

  /** Once only, however often it is pressed. */
  async send() {
    const {say} = this
    if (this.isSending) return
    this.isSending = true
    this.show()
    this.announce(say('sending'))
    this.answer = await sentToHelpdesk(this.server, this.measurements).then(
      code => () => code ? say('sent-with-code', {code}) : say('helpdesk-off'), () => () => say('not-sent'))
    this.isSending = false
    this.show()
    this.announce(this.answer())
  }
}
