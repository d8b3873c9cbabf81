// One client in the provider's list. A row is changed only where something changes: what is open in it stays
// open, a question waits for its answer, and the focus stays where it is.
import {ask, decide} from './decision.js'
import {keepFocus, make, time} from './page.js'
import {reportView} from './report.js'

export class ClientRow {
  constructor(say, connection) {
    Object.assign(this, {say, connection})
    this.name = make('bdi')
    this.heading = make('h2', {tabIndex: -1}, this.name)
    this.sign = make('span', {ariaHidden: 'true'})
    this.state = make('span')
    this.since = make('p', {className: 'quiet'})
    this.verdict = make('strong')
    this.unseenNames = []
    this.admit = this.action('admit', () => this.act('admit'), 'primary')
    this.decline = this.action('decline', () => this.ask())
    this.choices = make('div', {className: 'row'}, this.admit, this.decline)
    this.more = this.action('details', () => this.toggle())
    this.more.ariaExpanded = 'false'
    this.moreRow = make('div', {className: 'row'}, this.more)
    this.question = make('div')
    this.details = make('div')
    this.problem = make('p', {className: 'problem', role: 'alert'})
    this.element = make('li', {className: 'client'}, this.heading,
      make('p', {className: 'state'}, this.sign, this.state), this.since,
      make('p', {}, `${say('check-result')} `, this.verdict),
      this.choices, this.moreRow, this.question, this.details, this.problem)
  }

  /** A button whose name says for whom it is, also to those who don't see the row. */
  action(name, press, className = '') {
    const client = make('span')
    this.unseenNames.push(client)
    const button = make('button', {type: 'button', className},
      this.say(name), make('span', {className: 'unseen'}, ' ', client))
    button.dataset.act = name
    button.addEventListener('click', press)
    return button
  }

  update(client) {
    const {say} = this
    this.client = client
    this.element.id = `client-${client.number}`
    for (const place of [this.name, ...this.unseenNames]) put(place, client.name)
    const [key, sign, look] = stateOf(client)
    put(this.sign, sign)
    this.sign.className = `sign ${look}`
    put(this.state, say(key))
    const away = client.here || client.stage !== 'waiting' ? '' : ` · ${say('is-away')}`
    put(this.since, say('waits-since', {time: time(client.since)}) + away)
    put(this.verdict, say(`verdict-${client.verdict ?? 'none'}`))
    keepFocus(this.element, this.heading, () => this.offer(client))
  }

  /** What the provider can do about this client. */
  offer(client) {
    this.choices.hidden = client.stage !== 'waiting'
    if (this.choices.hidden) this.question.replaceChildren()
    this.moreRow.hidden = !client.shares_details
    if (!client.shares_details) this.close()
    else if (this.isOpen) this.load()
  }

  act(name) {
    return decide(this.connection, {do: name, clients: [this.client.number]}, this.problem, this.say)
  }

  /** Sending somebody away can't be taken back, so it is asked for once more. */
  ask() {
    const {say, client: {name}} = this
    ask(
      this.question, say('decline-ask', {name}), say('decline-yes', {name}), () => this.act('decline'), this.decline,
      say)
  }

  toggle() {
    if (this.isOpen) return this.close()
    this.isOpen = true
    this.problem.textContent = ''
    return this.load()
  }

  close() {
    this.isOpen = false
    this.shown = null
    this.more.ariaExpanded = 'false'
    this.details.replaceChildren()
  }

  /** The report as it is now: the client may have tested again. */
  async load() {
    try {
      const report = await this.connection.ask(`/clients/${this.client.number}/report`)
      const view = await reportView(report, this.say)
      const text = JSON.stringify(report)
      if (!this.isOpen || this.shown === text) return
      this.shown = text
      this.details.replaceChildren(view)
      this.more.ariaExpanded = 'true'
    } catch {
      if (!this.isOpen) return
      if (!this.shown) this.close()
      this.problem.textContent = this.say('action-failed')
    }
  }
}

/** Leaves alone what says it already, which a screen reader may be reading. */
function put(element, words) {
  if (element.textContent !== words) element.textContent = words
}

function stateOf({stage, ready}) {
  if (stage === 'admitted') return ['is-admitted', '✓', 'good']
  if (stage === 'joined') return ['is-joined', '✓', 'good']
  if (stage === 'declined') return ['is-declined', '–', 'quiet']
  return ready ? ['is-ready', '✓', 'good'] : ['is-preparing', '…', 'quiet']
}
