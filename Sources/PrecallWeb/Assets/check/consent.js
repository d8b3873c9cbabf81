// Nothing is sent before a yes; what is sent are the numbers that the check measured.
import {button, make} from './elements.js'
import {sentToHelpdesk} from './reports.js'

/** The question and what came of it, in the language of the moment. */
export class Consent {
  /** `show` puts the view on the page again, `close` takes it off; `say` and `announce` are the element's. */
  constructor(server, measurements, {say, announce, show, close}) {
    Object.assign(this, {server, measurements, say, announce, show, close})
    this.isSending = false
    this.answer = null
  }

  view() {
    const box = make('div', {className: 'box', part: 'consent'})
    if (this.answer) box.append(make('p', {tabIndex: -1}, this.answer()))
    else box.append(...this.question())
    return box
  }

  question() {
    const {say} = this
    return [
      make('h3', {tabIndex: -1}, say('send-question')), make('p', {}, say('send-what')),
      make('div', {className: 'row', hidden: this.isSending},
        button(say('send-yes'), () => this.send(), 'primary'),
        button(say('send-no'), () => {
          this.close()
          this.announce(say('nothing-sent'))
        })),
    ]
  }

  async send() {
    const {say} = this
    this.isSending = true
    this.show()
    this.announce(say('sending'))
    this.answer = await sentToHelpdesk(this.server, this.measurements).then(
      code => () => code ? say('sent-with-code', {code}) : say('helpdesk-off'), () => () => say('not-sent'))
    this.show()
    this.announce(this.answer())
  }
}
