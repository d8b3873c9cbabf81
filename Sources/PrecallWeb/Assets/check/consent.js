// Nothing is sent before a yes; what is sent are the numbers that the check measured.
import {button, make} from './elements.js'
import {sentToHelpdesk} from './reports.js'

export function consentView(texts, server, measurements, announce) {
  const say = (key, values) => texts.say(key, values)
  const box = make('div', {className: 'box', part: 'consent'})
  const send = async () => {
    row.hidden = true
    announce(say('sending'))
    const words = await sentToHelpdesk(server, measurements)
      .then(code => code ? say('sent-with-code', {code}) : say('helpdesk-off'), () => say('not-sent'))
    box.replaceChildren(make('p', {tabIndex: -1}, words))
    box.firstChild.focus()
    announce(words)
  }
  const row = make('div', {className: 'row'},
    button(say('send-yes'), send, 'primary'),
    button(say('send-no'), () => { box.remove(); announce(say('nothing-sent')) }))
  box.append(make('h3', {tabIndex: -1}, say('send-question')), make('p', {}, say('send-what')), row)
  return box
}
