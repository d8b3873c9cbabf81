// The client's page: say a name, test, be ready, wait, be let in.
import {bounded} from '../check/bounded.js'
import {Chat} from './chat.js'
import {Connection, Refused, tokenOfPage} from './connection.js'
import {alertOf, announce, chime, find, lineTeller, loadWords, make, offerSound, showStep, time} from './page.js'

const say = await loadWords()
const lineChanged = lineTeller(say)
let room = null
let isAgain = false // whether the test was asked for again, from the waiting step
let lastCheck = null
let heldStage = null

const connection = new Connection(tokenOfPage(), {handle, line: lineChanged, gone})
const chat = new Chat(say, connection, message => message.client === room.you.number)

function handle(name, data) {
  switch (name) {
    case 'state':
      room = data
      chat.replace(data.messages)
      showConsent()
      break
    case 'you': room.you = data; break
    case 'provider': room.provider_here = data.here; break
    case 'message': chat.add(data); return
    case 'elsewhere':
      connection.close()
      stopCheck()
      showStep('step-elsewhere')
      find('chat').hidden = true
      return
    case 'ended': connection.close(); gone(`link-${data}`); return
    default: return
  }
  show()
}

/** The link has ended while the page was open. */
function gone(code) {
  const kind = code === 'link-expired' ? 'expired' : code === 'link-revoked' ? 'revoked' : 'unknown'
  find('ended-title').textContent = say(`link-${kind}-title`)
  find('ended-what').textContent = say(`link-${kind}-what`)
  find('ended-do').textContent = say(`link-${kind}-do`)
  find('chat').hidden = true
  stopCheck()
  showStep('step-ended')
}

function show() {
  const {you} = room
  for (const place of document.querySelectorAll('[data-provider]')) place.textContent = room.provider
  find('when').textContent = say('visit-when', {
    when: time(room.starts_at, {weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit'}),
  })
  find('chat').hidden = !['waiting', 'admitted'].includes(you.stage)
  if (you.stage === 'empty') showStep('step-arrive')
  if (you.stage === 'waiting') you.ready && !isAgain ? showWaiting() : showCheck()
  if (you.stage === 'admitted') showAdmitted()
  if (you.stage === 'joined') { stopCheck(); showStep('step-joined') }
  if (you.stage === 'declined') { stopCheck(); showStep('step-declined') }
  heldStage = you.stage
}

// MARK: Name

find('name-form').addEventListener('submit', async event => {
  event.preventDefault()
  const name = find('name').value.trim()
  const problem = find('name-problem')
  problem.textContent = name ? '' : say('name-missing')
  find('name').setAttribute('aria-invalid', String(!name))
  if (!name) return find('name').focus()
  await attempt(problem, async () => {
    await connection.act({do: 'name', name})
    // Now the chat is open to this page; what was said before comes with the state.
    await connection.catchUp()
  })
})

/** Does something, and says what went wrong where the person is. */
async function attempt(place, body) {
  place.textContent = ''
  try {
    await body()
  } catch (error) {
    const refused = error instanceof Refused && error.status < 500
    if (refused && [404, 410].includes(error.status)) return gone(error.code)
    if (refused && error.code === 'wrong-stage') return connection.catchUp()
    place.textContent = say(refused ? 'action-refused' : 'action-failed')
  }
}

// MARK: Test

async function showCheck() {
  showStep('step-check')
  if (find('check-place').firstElementChild) return
  const check = make('precall-check', {id: 'check'})
  check.setAttribute('locale', document.documentElement.lang)
  check.setAttribute('policy', '/v1/policy')
  check.append(make('p', {slot: 'help', className: 'quiet'}, say('check-optional')))
  check.addEventListener('precall-complete', event => {
    lastCheck = event.detail
    find('consent').hidden = false
    tellCheck()
  })
  find('check-place').append(check)
  const shown = import('/assets/precall-check.js')
    .then(() => check.ready, () => { find('check-problem').textContent = say('check-missing') })
  // The test moves what is below it when it comes, and a press would miss; but nobody has to wait for it for long.
  await bounded(shown, 5000).catch(() => {})
  find('check-below').hidden = false
}

function stopCheck() {
  find('check')?.cancel?.()
  find('check-place').replaceChildren()
}

// MARK: Consent

let told = Promise.resolve()
let untold = 0

/**
 * Tells the test's result and whether the provider may see its details: one request after the other, each with
 * what is ticked when it is sent, so that a quick yes and no can't overtake each other. The server judges the
 * same measurements again; of a test before a reload it has the details and can forget them.
 */
function tellCheck() {
  untold += 1
  told = told.then(() => attempt(find('check-problem'), async () => {
    const share = find('share').checked
    if (lastCheck?.measurements) await connection.act({do: 'check', measurements: lastCheck.measurements, share})
    else if (!share) await connection.act({do: 'withhold'})
  })).finally(() => { untold -= 1 })
}

/** What the server knows of a yes, as after a reload; not over what is being told to it. */
function showConsent() {
  if (untold > 0) return
  find('share').checked = room.you.shares_details
  find('consent').hidden = !room.you.shares_details && !lastCheck
}

find('share').addEventListener('change', tellCheck)

find('ready').addEventListener('click', () => {
  isAgain = false
  attempt(find('check-problem'), async () => {
    await connection.act({do: 'ready', ready: true})
    room.you.ready = true
    stopCheck()
    show()
  })
})

find('again').addEventListener('click', () => {
  isAgain = true
  attempt(find('wait-problem'), () => connection.act({do: 'ready', ready: false}))
  room.you.ready = false
  show()
})

// MARK: Waiting

function showWaiting() {
  const {you} = room
  const key = you.known ? room.provider_here ? 'wait-known' : 'wait-known-away' : 'wait-telling'
  const words = say(key, {provider: room.provider})
  if (find('wait-known').textContent !== words) {
    find('wait-known').textContent = words
    announce(words)
  }
  find('wait-sign').textContent = you.known ? '✓' : '…'
  find('wait-sign').className = you.known ? 'sign good' : 'sign quiet'
  find('wait-since').textContent = say('wait-since', {name: you.name, time: time(you.since)})
  find('wait-verdict').textContent = you.verdict ? say(`own-verdict-${you.verdict}`) : say('own-verdict-none')
  showStep('step-wait')
}

// MARK: Admitted

function showAdmitted() {
  stopCheck()
  showStep('step-admitted')
  document.title = say('admitted-title-bar')
  if (heldStage === 'admitted') return
  // After a reload it is known already, and need not startle.
  if (heldStage) {
    alertOf(say('admitted-alert'))
    chime()
  }
  findDoor()
}

/** Asks where the visit is; without an answer the person can ask again. */
async function findDoor() {
  const places = ['admitted-wait', 'admitted-stay', 'admitted-go', 'admitted-failed']
  const showPlace = place => { for (const one of places) find(one).hidden = one !== place }
  showPlace('admitted-wait')
  try {
    const {url} = await connection.insist('/admission', {method: 'POST'})
    if (url) find('admitted-link').href = url
    showPlace(url ? 'admitted-go' : 'admitted-stay')
  } catch (error) {
    showPlace('admitted-failed')
    if (error instanceof Refused && error.code === 'wrong-stage') connection.catchUp().catch(() => {})
  }
}

find('admitted-again').addEventListener('click', findDoor)

find('back').addEventListener('click', () => {
  attempt(find('joined-problem'), () => connection.act({do: 'come-back'}))
})

find('here').addEventListener('click', () => { connection.last = null; connection.open() })

offerSound()
connection.open()
