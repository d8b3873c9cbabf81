// The waiting room's chat. Text is only ever set as text.
import {announce, find, make, time} from './page.js'

export class Chat {
  /** `isOwn(message)` says which are this person's. */
  constructor(say, connection, isOwn) {
    Object.assign(this, {say, connection, isOwn})
    this.shown = new Set()
    find('chat-form').addEventListener('submit', event => {
      event.preventDefault()
      this.send()
    })
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
    if (isAtEnd || own) log.scrollTop = log.scrollHeight
    if (!isOld && !own) announce(this.say('chat-heard', {name: message.name, text: message.text}))
  }

  async send() {
    const field = find('chat-text')
    const text = field.value.trim()
    if (!text) return
    find('chat-problem').textContent = ''
    try {
      await this.connection.act({do: 'say', text})
      if (field.value.trim() === text) field.value = ''
    } catch {
      find('chat-problem').textContent = this.say('chat-failed')
    }
    field.focus()
  }
}
