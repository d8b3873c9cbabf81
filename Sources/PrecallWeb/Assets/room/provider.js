// The provider's page: who waits, and letting them in.
import {Chat} from './chat.js'
import {Connection, Refused, tokenOfPage} from './connection.js'
import {announce, chime, find, lineTeller, loadWords, make, offerSound, showStep, time} from './page.js'
import {reportView} from './report.js'

const say = await loadWords()
const title = document.title
let room = null
let telling

const connection = new Connection(tokenOfPage(), {handle, line: lineTeller(say), gone})
const chat = new Chat(say, connection, message => message.client === undefined)

function handle(name, data) {
  switch (name) {
    case 'state':
      room = data
      chat.replace(data.messages)
      break
    case 'client': update(data); break
    case 'message': chat.add(data); return
    case 'elsewhere': connection.close(); find('chat').hidden = true; showStep('step-elsewhere'); return
    case 'ended': connection.close(); gone(`link-${data}`); return
    default: return
  }
  show()
  tellSeen()
}

function update(client) {
  const index = room.clients.findIndex(one => one.number === client.number)
  const before = room.clients[index]
  if (index < 0) room.clients.push(client)
  else room.clients[index] = client
  if (client.stage !== 'waiting') return
  if (client.ready && !before?.ready) {
    announce(say('heard-ready', {name: client.name}))
    chime()
  } else if (!before) announce(say('heard-new', {name: client.name}))
}

/** Lets the clients know that this page knows of them. */
function tellSeen() {
  clearTimeout(telling)
  telling = setTimeout(() => connection.act({do: 'seen', event: connection.last}).catch(() => {}), 150)
}

function gone(code) {
  const kind = code === 'link-expired' ? 'expired' : code === 'link-revoked' ? 'revoked' : 'unknown'
  for (const part of ['title', 'what', 'do']) find(`ended-${part}`).textContent = say(`link-${kind}-${part}`)
  find('chat').hidden = true
  showStep('step-ended')
}

function show() {
  showStep('step-room')
  find('chat').hidden = false
  const waiting = room.clients.filter(one => one.stage === 'waiting')
  const ready = waiting.filter(one => one.ready)
  document.title = waiting.length ? `(${waiting.length}) ${title}` : title
  find('when').textContent = say('visit-when', {
    when: time(room.starts_at, {weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit'}),
  })
  find('nobody').hidden = room.clients.length > 0
  find('all').hidden = waiting.length < 2
  find('admit-all').disabled = ready.length === 0
  find('admit-all').textContent = say('admit-all', {count: ready.length})
  const list = find('clients')
  for (const client of [...room.clients].sort((one, other) => one.since.localeCompare(other.since))) {
    const id = `client-${client.number}`
    const old = find(id)
    const key = JSON.stringify(client)
    // A row that has not changed stays, with the focus that may be in it.
    if (old?.dataset.key === key) { list.append(old); continue }
    const hadFocus = old?.contains(document.activeElement) ? document.activeElement.dataset.act : null
    const row = rowOf(client)
    row.id = id
    row.dataset.key = key
    old?.remove()
    list.append(row)
    if (hadFocus) (row.querySelector(`[data-act="${hadFocus}"]`) ?? row.querySelector('h2')).focus()
  }
  for (const row of [...list.children]) {
    if (!room.clients.some(one => `client-${one.number}` === row.id)) row.remove()
  }
}

function rowOf(client) {
  const [key, sign, look] = stateOf(client)
  const problem = make('p', {className: 'problem', role: 'alert'})
  const details = make('div')
  return make('li', {className: 'client'},
    make('h2', {tabIndex: -1}, make('bdi', {}, client.name)),
    make('p', {className: 'state'}, make('span', {className: `sign ${look}`, ariaHidden: 'true'}, sign), say(key)),
    make('p', {className: 'quiet'}, say('waits-since', {time: time(client.since)}),
      client.here || client.stage !== 'waiting' ? '' : ` · ${say('is-away')}`),
    make('p', {}, `${say('check-result')} `, make('strong', {}, say(`verdict-${client.verdict ?? 'none'}`))),
    client.stage === 'waiting' && make('div', {className: 'row'},
      action('admit', client, () => act('admit', client, problem), 'primary'),
      action('decline', client, () => askToDecline(client, details, problem))),
    client.shares_details && make('div', {className: 'row'},
      action('details', client, event => toggleDetails(event.currentTarget, client, details, problem))),
    details, problem)
}

function stateOf({stage, ready}) {
  if (stage === 'admitted') return ['is-admitted', '✓', 'good']
  if (stage === 'joined') return ['is-joined', '✓', 'good']
  if (stage === 'declined') return ['is-declined', '–', 'quiet']
  return ready ? ['is-ready', '✓', 'good'] : ['is-preparing', '…', 'quiet']
}

/** A button whose name says for whom it is, also to those who don't see the row. */
function action(name, client, press, className = '') {
  const button = make('button', {type: 'button', className},
    say(name), make('span', {className: 'unseen'}, ' ', client.name))
  button.dataset.act = name
  button.addEventListener('click', press)
  return button
}

async function act(name, client, problem) {
  problem.textContent = ''
  try {
    await connection.act({do: name, clients: client === 'all' ? 'all' : [client.number]})
  } catch (error) {
    if (error instanceof Refused && error.code === 'wrong-stage') await connection.catchUp()
    else problem.textContent = say('action-failed')
  }
}

/** Sending somebody away can't be taken back, so it is asked for once more. */
function askToDecline(client, place, problem) {
  const yes = make('button', {type: 'button'}, say('decline-yes', {name: client.name}))
  const no = make('button', {type: 'button'}, say('cancel'))
  yes.addEventListener('click', () => act('decline', client, problem))
  no.addEventListener('click', () => {
    place.replaceChildren()
    find(`client-${client.number}`)?.querySelector('[data-act="decline"]')?.focus()
  })
  place.replaceChildren(make('div', {className: 'box'},
    make('p', {}, say('decline-ask', {name: client.name})), make('div', {className: 'row'}, yes, no)))
  yes.focus()
}

async function toggleDetails(button, client, place, problem) {
  if (button.ariaExpanded === 'true') {
    button.ariaExpanded = 'false'
    return place.replaceChildren()
  }
  try {
    place.replaceChildren(await reportView(await connection.ask(`/clients/${client.number}/report`), say))
    button.ariaExpanded = 'true'
  } catch {
    problem.textContent = say('action-failed')
  }
}

find('admit-all').addEventListener('click', () => act('admit', 'all', find('all-problem')))
find('decline-all').addEventListener('click', () => {
  const place = find('all-ask')
  const yes = make('button', {type: 'button'}, say('decline-all-yes'))
  const no = make('button', {type: 'button'}, say('cancel'))
  yes.addEventListener('click', () => { place.replaceChildren(); act('decline', 'all', find('all-problem')) })
  no.addEventListener('click', () => { place.replaceChildren(); find('decline-all').focus() })
  place.replaceChildren(make('div', {className: 'box'},
    make('p', {}, say('decline-all-ask')), make('div', {className: 'row'}, yes, no)))
  yes.focus()
})
find('here').addEventListener('click', () => { connection.last = null; connection.open() })

offerSound()
connection.open()
