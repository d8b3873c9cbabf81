// The provider's page: who waits, and letting them in.
import {Chat} from './chat.js'
import {ClientRow} from './client-row.js'
import {Connection, tokenOfPage} from './connection.js'
import {ask, decide} from './decision.js'
import {announce, chime, find, keepFocus, lineTeller, loadWords, offerSound, showStep, time} from './page.js'

const say = await loadWords()
const title = document.title
const heading = find('step-room').querySelector('h1')
const rows = new Map()
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
    case 'client':
      update(data)
      show(data.number)
      tellSeen()
      return
    case 'message': chat.add(data); return
    case 'elsewhere': connection.close(); chat.show(false); showStep('step-elsewhere'); return
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
  // A link that was known is whole: the server has begun anew, and forgotten it.
  const kind = {'link-expired': 'expired', 'link-revoked': 'revoked'}[code] ?? (room ? 'lost' : 'unknown')
  for (const part of ['title', 'what', 'do']) find(`ended-${part}`).textContent = say(`link-${kind}-${part}`)
  chat.show(false)
  showStep('step-ended')
}

function show(changed) {
  const waiting = room.clients.filter(one => one.stage === 'waiting')
  showStep('step-room', waiting.length ? `(${waiting.length}) ${title}` : title)
  chat.show(true)
  find('when').textContent = say('visit-when', {
    when: time(room.starts_at, {weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit'}),
  })
  find('nobody').hidden = room.clients.length > 0
  keepFocus(find('all'), heading, () => showAll(waiting))
  showClients(changed)
}

/** What can be done about all who wait. */
function showAll(waiting) {
  const ready = waiting.filter(one => one.ready)
  find('all').hidden = waiting.length < 2
  if (find('all').hidden) find('all-ask').replaceChildren()
  find('admit-all').disabled = ready.length === 0
  find('admit-all').textContent = say('admit-all', {count: ready.length})
}

/** Rows are kept, and moved only where their order has changed: moving takes the focus away. */
function showClients(changed) {
  const list = find('clients')
  const focused = document.activeElement
  const sorted = [...room.clients].sort((one, other) => one.since.localeCompare(other.since))
  for (const [number, row] of rows) {
    if (sorted.some(one => one.number === number)) continue
    row.element.remove()
    rows.delete(number)
  }
  for (const [index, client] of sorted.entries()) {
    const {number} = client
    if (!rows.has(number)) rows.set(number, new ClientRow(say, connection))
    const row = rows.get(number)
    // One that was told of may say the same and have another report behind it.
    if (number === changed || JSON.stringify(row.client) !== JSON.stringify(client)) row.update(client)
    if (list.children[index] !== row.element) list.insertBefore(row.element, list.children[index] ?? null)
  }
  if (list.contains(focused) && document.activeElement === document.body) focused.focus()
}

const act = name => decide(connection, {do: name, clients: 'all'}, find('all-problem'), say)

find('admit-all').addEventListener('click', () => act('admit'))
find('decline-all').addEventListener('click', ({currentTarget}) => {
  const place = find('all-ask')
  const press = () => {
    keepFocus(place, heading, () => place.replaceChildren())
    act('decline')
  }
  ask(place, say('decline-all-ask'), say('decline-all-yes'), press, currentTarget, say)
})
find('here').addEventListener('click', () => { connection.last = null; connection.open() })

offerSound()
connection.open()
