// The waiting room's chat. Text is only ever set as text.
import {announce, find, make, time} from './page.js'

export class Chat {
  /** `isOwn(message)` says which are this person's. */
  constructor(say, connection, isOwn) {
    Object.assign(this, {say, connection, isOwn})
    this.shown = new Set()
    this.sending = new Set()
    find('chat-form').addEventListener('submit', event => {
      event.preventDefault()
      this.send()
    })
  }

  /** The newest is in view when the chat comes: what is hidden can't be scrolled before. */
  show(isShown) {
    if (find('chat').hidden !== isShown) return
    find('chat').hidden = !isShown
    toEnd()
  }

  replace(messages) {
    find('chat-list').replaceChildren()
    this.shown.clear()
    for (const message of messages) this.add(message, true)
  }

  add(message, isOld = false) {
    if (this.shown.has(message.number)) return
    this.shown.add(message.number)
    const own = this.isOwn(message)
    const name = own ? this.say('chat-you') : message.name
    const [log, list] = [find('chat-log'), find('chat-list')]
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
    list.append(make('li', {className: own ? 'own' : ''},
      make('p', {className: 'who'}, make('bdi', {}, name), ' · ', make('time', {dateTime: message.at}, time(message.at))),
      make('p', {className: 'said', dir: 'auto'}, message.text)))
    if (list.childElementCount > 100) list.firstElementChild.remove()
    if (isAtEnd || own) toEnd()
    if (!isOld && !own) announce(this.say('chat-heard', {name: message.name, text: message.text}))
  }

  async send() {
    const field = find('chat-text')
    const text = field.value.trim()
    // A second press, before the first has got through, is no second message.
    if (!text || this.sending.has(text)) return
    this.sending.add(text)
    find('chat-problem').textContent = ''
    try {
      await this.connection.act({do: 'say', text})
      if (field.value.trim() === text) field.value = ''
    } catch {
      find('chat-problem').textContent = this.say('chat-failed')
    } finally {
      this.sending.delete(text)
    }
    field.focus()
  }
}

function toEnd() {
  const log = find('chat-log')
  log.scrollTop = log.scrollHeight
}
